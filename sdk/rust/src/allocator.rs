//! An allocator for guests. Every call of a plugin begins in a fresh instance and ends with its
//! memory thrown away, so giving memory back one block at a time is wasted work: this one moves a
//! mark forward, and back only when the last block is freed. Against the standard library's it saves
//! most of the fuel of a step.
//!
//! A plugin that has `hotline_sdk::fast_allocator!();` uses it. One that allocates without end within
//! a call (more in all than its memory limit) stays with the standard one.

#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;

const PAGE_BYTES: usize = 64 * 1024;
/// Grown by at least this: growing is a call of the host.
const GROWTH_PAGES: usize = 4;

/// Moves a mark forward through linear memory.
#[derive(Debug)]
pub struct Bump {
    /// Addresses: the next free byte and the end of what memory there is. 0 before the first use.
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: guests have one thread; the target has no others.
unsafe impl Sync for Bump {}

impl Bump {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Bump {
            next: Cell::new(0),
            end: Cell::new(0),
        }
    }

    /// Whether memory now reaches up to this address.
    fn reach(&self, address: usize) -> bool {
        if address <= self.end.get() {
            return true;
        }
        let pages = (address - self.end.get())
            .div_ceil(PAGE_BYTES)
            .max(GROWTH_PAGES);
        if !memory::grow(pages) {
            return false;
        }
        self.end.set(memory::end());
        address <= self.end.get()
    }
}

// SAFETY: blocks begin at the mark, rounded up to their alignment, end before the end of memory,
// and the mark moves past them; it moves back only over the last block, when that is freed.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.end.get() == 0 {
            self.next.set(memory::heap_begin());
            self.end.set(memory::end());
        }
        let Some(begin) = self.next.get().checked_next_multiple_of(layout.align()) else {
            return core::ptr::null_mut();
        };
        match begin.checked_add(layout.size()) {
            Some(end) if self.reach(end) => {
                self.next.set(end);
                begin as *mut u8
            }
            _ => core::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if block as usize + layout.size() == self.next.get() {
            self.next.set(block as usize);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let last = block as usize + layout.size() == self.next.get();
        if last {
            return match (block as usize).checked_add(new_size) {
                Some(end) if self.reach(end) => {
                    self.next.set(end);
                    block
                }
                _ => core::ptr::null_mut(),
            };
        }
        if new_size <= layout.size() {
            return block;
        }
        // SAFETY: the caller's promise for `realloc` is that the new size makes a valid layout;
        // both blocks are whole, apart from each other, and at least the old size long.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(block, moved, layout.size());
            }
            moved
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod memory {
    unsafe extern "C" {
        /// Set by the linker: the first byte after static data and stack.
        static __heap_base: u8;
    }

    pub(super) fn heap_begin() -> usize {
        &raw const __heap_base as usize
    }

    pub(super) fn end() -> usize {
        core::arch::wasm32::memory_size(0) * super::PAGE_BYTES
    }

    pub(super) fn grow(pages: usize) -> bool {
        core::arch::wasm32::memory_grow(0, pages) != usize::MAX
    }
}

/// Natively there is no linear memory; the allocator is only tested there, on a block of its own.
#[cfg(not(target_arch = "wasm32"))]
mod memory {
    use std::cell::Cell;

    thread_local! {
        static PAGES: Cell<usize> = const { Cell::new(1) };
        static BEGIN: usize = Box::leak(vec![0u8; 64 * super::PAGE_BYTES].into_boxed_slice()).as_ptr() as usize;
    }

    pub(super) fn heap_begin() -> usize {
        BEGIN.with(|begin| *begin)
    }

    pub(super) fn end() -> usize {
        heap_begin() + PAGES.get() * super::PAGE_BYTES
    }

    pub(super) fn grow(pages: usize) -> bool {
        let wanted = PAGES.get() + pages;
        let fits = wanted <= 64;
        if fits {
            PAGES.set(wanted);
        }
        fits
    }
}

/// Uses [`allocator::Bump`](crate::allocator::Bump) for the whole plugin.
#[macro_export]
macro_rules! fast_allocator {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[global_allocator]
        static HOTLINE_ALLOCATOR: $crate::allocator::Bump = $crate::allocator::Bump::new();
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_apart_and_hold_what_was_written() {
        let bump = Bump::new();
        let mut blocks = Vec::new();
        for size in 1..200usize {
            let layout = Layout::from_size_align(size, 1 << (size % 5)).expect("a layout");
            // SAFETY: the layout is not empty; writes stay within the block.
            let block = unsafe {
                let block = bump.alloc(layout);
                assert!(!block.is_null());
                block.write_bytes(size as u8, size);
                block
            };
            assert_eq!(block as usize % layout.align(), 0);
            blocks.push((block, size));
        }
        for (block, size) in blocks {
            // SAFETY: the block lives as long as the allocator, and is `size` bytes long.
            let bytes = unsafe { std::slice::from_raw_parts(block, size) };
            assert!(bytes.iter().all(|byte| *byte == size as u8));
        }
    }

    #[test]
    fn the_last_block_grows_in_place_and_others_move_with_their_content() {
        let bump = Bump::new();
        let layout = Layout::from_size_align(100, 1).expect("a layout");
        // SAFETY: blocks are used within their sizes, and not after they were reallocated.
        unsafe {
            let first = bump.alloc(layout);
            first.write_bytes(7, 100);
            assert_eq!(bump.realloc(first, layout, 1_000), first);
            let second = bump.alloc(layout);
            let grown = Layout::from_size_align(1_000, 1).expect("a layout");
            let moved = bump.realloc(first, grown, 200_000);
            assert_ne!(moved, first);
            assert!(moved > second);
            assert_eq!(*moved.add(99), 7);
        }
    }

    #[test]
    fn memory_that_is_not_there_is_a_null_pointer() {
        let bump = Bump::new();
        for bytes in [100 * 1024 * 1024, isize::MAX as usize - 64] {
            let layout = Layout::from_size_align(bytes, 1).expect("a layout");
            // SAFETY: the layout is not empty.
            assert!(unsafe { bump.alloc(layout) }.is_null());
        }
    }
}
