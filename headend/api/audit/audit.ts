import type { Logger } from 'pino';
import type { AuditOutcome, NewAuditEntry } from '../../store/audit.ts';
import type { Store } from '../../store/store.ts';

/** Where it is written down who asks for what. */
export type Audit = {
  /**
   * To be called before anything is done: resolves when it is on disk that it was asked for, and with what notes how it ended.
   * Rejects when it cannot be written, and then nothing may be done.
   */
  begin(entry: NewAuditEntry): Promise<(outcome: AuditOutcome) => Promise<void>>;
};

export function createAudit(store: Store, log: Logger): Audit {
  return {
    async begin(entry) {
      const number = await store.commit(() => store.audit.add(entry, Date.now()));
      return (outcome) =>
        store
          .commit(() => store.audit.end(outcome, number, Date.now()))
          // It has happened, and whoever asked shall hear so. The entry stays without an end.
          .catch((error: unknown) =>
            log.error({ entry: number, error: String(error) }, 'an outcome is not in the audit'),
          );
    },
  };
}
