export const faults = {
  title: "Failed calls that are kept",
  lead: "Each with all that the plugin was given, which may be personal. The command runs it again, anywhere.",
  none: "No failed call is kept.",
  notRecorded: "Nothing is kept while recording is switched off under “Settings”.",
  at: "{{time}}, {{version}}, {{function}}",
  backtrace: "Where it was, innermost first",
  noBacktrace: "The component tells no names of functions.",
  command: "See it again, in the plugin's folder",
  download: "Download what it was given",
  contact: "The contact",
  fuel: "{{fuel}} fuel, {{memory}} KiB",
};
