/** What the headend counts since it started, for `/metrics`. */
export type Counters = {
  /** Messages from boxes, by kind. */
  messages: Record<'report' | 'hello' | 'telemetry', number>;
  /** Messages that could not be read. */
  unreadable: number;
  /** Reports about an action that the headend does not know, or that belongs to another box. */
  strayReports: number;
  /** Final reports that came after the action had ended otherwise. */
  lateReports: number;
  /** Sendings of an action, the repeated ones too. */
  sends: number;
  actionsCreated: number;
  actionsSkipped: number;
};

export function createCounters(): Counters {
  return {
    messages: { report: 0, hello: 0, telemetry: 0 },
    unreadable: 0,
    strayReports: 0,
    lateReports: 0,
    sends: 0,
    actionsCreated: 0,
    actionsSkipped: 0,
  };
}
