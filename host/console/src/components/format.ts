/** A length of time as people read a phone's timer: 0:07, 12:30, 1:02:03. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** As {@link duration}, with a dash where it never happened. */
export function durationIfAny(ms: number): string {
  return ms > 0 ? duration(ms) : "–";
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, known);
  return known;
}

/** Today: the time alone. Earlier: with the day. */
export function moment(at: number, language: string, now = Date.now()): string {
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false } as const;
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const day = { month: "short", day: "numeric" } as const;
  return format(language, sameDay ? time : { ...day, ...time }).format(at);
}

/** Date and time in full. */
export function instant(at: number, language: string): string {
  return format(language, { dateStyle: "medium", timeStyle: "medium", hour12: false }).format(at);
}

/** To three digits behind the point, without those that say nothing. */
export function round(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

export function percent(share: number | null, language: string): string {
  if (share === null) return "–";
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(
    share,
  );
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}
