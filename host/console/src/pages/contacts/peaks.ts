/** The loudest sample of each of `columns` equal parts, 0 to 1. */
export function peaks(samples: Float32Array, columns: number): number[] {
  const width = samples.length / columns;
  return Array.from({ length: columns }, (_, column) => {
    let peak = 0;
    const end = Math.min(samples.length, Math.ceil((column + 1) * width));
    for (let at = Math.floor(column * width); at < end; at += 1) {
      peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    }
    return peak;
  });
}
