export const faults = {
  title: "Failed calls that are kept",
  lead: "Each with all that the plugin was given, which may be personal. The command runs it again, anywhere.",
  none: "No failed call is kept.",
  notRecorded: "Nothing is kept while recording is switched off under “Settings”.",
  at: "{{time}}, {{version}}, {{function}}",
  backtrace: "Where it was, innermost first",
  noBacktrace: "The component tells no names of functions.",
  command: "See it again, in the plugin's folder",
  timedOut:
    "The clock of this host stopped it, and a replay has none: there it goes on until it ends or its fuel does. Look for work that takes long for its fuel, such as filling much memory.",
  download: "Download what it was given",
  contact: "The contact",
  fuel: "{{fuel}} fuel, {{memory}} KiB",
};
