//! World `flow-interpreter`: a script language. Its compiler turns sources into an artifact once,
//! on save; its interpreter is an [`crate::ivr::RawFlow`] that reads the artifact at each step.

/// Generated from `wit/`.
#[doc(hidden)]
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "hotline:flow-language/flow-language@1.0.0",
        pub_export_macro: true,
        export_macro_name: "__export_flow_language",
        default_bindings_module: "hotline_sdk::flow_language::bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
            "hotline:host/log@1.0.0": crate::ivr::bindings::hotline::host::log,
            "hotline:host/config@1.0.0": crate::ivr::bindings::hotline::host::config,
            "hotline:host/clock@1.0.0": crate::ivr::bindings::hotline::host::clock,
            "hotline:host/random@1.0.0": crate::ivr::bindings::hotline::host::random,
            "hotline:host/metrics@1.0.0": crate::ivr::bindings::hotline::host::metrics,
        },
    });
}

/// The import that only interpreters have.
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all,
    dead_code
)]
mod artifact_binding {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "package hotline:sdk; world interpreter { import hotline:host/artifact@1.0.0; }",
        world: "hotline:sdk/interpreter",
        generate_all,
    });
}

pub use crate::common::Fault;
pub use bindings::exports::hotline::flow_language::compiler::{
    Checked, Diagnostic, Severity, Source,
};

impl Source {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        Source {
            path: path.into(),
            text: text.into(),
            ext: Vec::new(),
        }
    }
}

impl Checked {
    /// What was compiled, and what its author should look at although it was.
    pub fn sound(artifact: Vec<u8>, warnings: Vec<Diagnostic>) -> Checked {
        Checked {
            artifact: Some(artifact),
            diagnostics: warnings,
            ext: Vec::new(),
        }
    }

    /// What keeps the script from going into service.
    pub fn refused(diagnostics: Vec<Diagnostic>) -> Checked {
        Checked {
            artifact: None,
            diagnostics,
            ext: Vec::new(),
        }
    }
}

impl Diagnostic {
    /// A mistake at a line and a column, both from 1.
    pub fn error(
        code: &str,
        source: &Source,
        (line, column): (u32, u32),
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code: code.to_owned(),
            severity: Severity::Error,
            path: source.path.clone(),
            line,
            column,
            length: 0,
            message: message.into(),
            hint: None,
            ext: Vec::new(),
        }
    }

    /// As [`Diagnostic::error`], but the script goes into service.
    pub fn warning(
        code: &str,
        source: &Source,
        place: (u32, u32),
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, source, place, message)
        }
    }

    /// How many characters it is about.
    #[must_use]
    pub fn of_length(mut self, characters: usize) -> Diagnostic {
        self.length = u32::try_from(characters).unwrap_or(u32::MAX);
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }
}

/// A script language's compiler.
pub trait Compiler {
    /// All that is wrong in one go, and the artifact when no error is among it. The script itself is
    /// the first source; what a later host passes beside it is there to be included.
    ///
    /// # Errors
    /// A fault means that the compiler itself failed.
    fn check(sources: Vec<Source>) -> Result<Checked, Fault>;
}

/// The artifact that the present step shall interpret.
pub fn artifact() -> Vec<u8> {
    #[cfg(target_arch = "wasm32")]
    return artifact_binding::hotline::host::artifact::get();
    #[cfg(not(target_arch = "wasm32"))]
    crate::bench::with_surroundings(|around| around.artifact.clone())
}

/// Makes a type that is a [`crate::ivr::RawFlow`] and a [`Compiler`] the component's
/// `flow-interpreter`.
#[macro_export]
macro_rules! export_interpreter {
    ($interpreter:ty) => {
        $crate::__export_interpreter!($interpreter);
        $crate::__manifest!("flow-interpreter");
    };
}

/// As [`export_interpreter!`], of one that is a [`crate::migration::RawMigrate`] besides: the
/// component's `flow-interpreter-with-migration`.
#[macro_export]
macro_rules! export_interpreter_with_migration {
    ($interpreter:ty) => {
        $crate::__export_interpreter!($interpreter);
        $crate::__export_migrating!(<$interpreter as $crate::migration::RawMigrate>::migrate);
        $crate::__manifest!("flow-interpreter-with-migration");
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_interpreter {
    ($interpreter:ty) => {
        $crate::__export_ivr!($interpreter);
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            ::std::vec::Vec<$crate::flow_language::Source>,
        ) -> ::core::result::Result<$crate::flow_language::Checked, $crate::Fault> =
            <$interpreter as $crate::flow_language::Compiler>::check;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::flow_language::bindings::exports::hotline::flow_language::compiler::Guest
                for Exported
            {
                fn check(
                    sources: ::std::vec::Vec<$crate::flow_language::Source>,
                ) -> ::core::result::Result<$crate::flow_language::Checked, $crate::Fault> {
                    <$interpreter as $crate::flow_language::Compiler>::check(sources)
                }
            }
            $crate::flow_language::bindings::__export_flow_language!(Exported with_types_in $crate::flow_language::bindings);
        };
    };
}
