/** The place in a form of what the API calls `rules.rings[1].skills`: `rules.rings.1.skills`. */
export function formPath(field: string): string {
  return field.replaceAll(/\[(\d+)\]/g, ".$1");
}

/** What the API says of fields, by their place in a form whose values are shaped as what is sent. */
export function formErrors(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, message]) => [formPath(field), message]),
  );
}
