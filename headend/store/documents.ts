import type { Db } from './database.ts';

/** The kinds of documents that a customer may have, each a JSON object. */
export const documentKinds = ['settings', 'branding', 'launcher', 'tabletprofile', 'apps'] as const;
export type DocumentKind = (typeof documentKinds)[number];
export type Documents = ReturnType<typeof createDocuments>;

/** What an operator has written for a customer's devices. A customer without a document of its own has its reseller's. */
export function createDocuments(db: Db) {
  const find = db.prepare<[string, DocumentKind], { body: string }>(
    'SELECT body FROM customer_documents WHERE customer = ? AND kind = ?',
  );
  const parentOf = db.prepare<[string], { parent: string | null }>('SELECT parent FROM customers WHERE id = ?');
  const put = db.prepare<[string, DocumentKind, string]>(
    'INSERT OR REPLACE INTO customer_documents (customer, kind, body) VALUES (?, ?, ?)',
  );

  const own = (customer: string, kind: DocumentKind): Record<string, unknown> | undefined => {
    const row = find.get(customer, kind);
    return row && JSON.parse(row.body);
  };

  return {
    /** The customer's own. */
    own,
    /** The customer's own, or that of the nearest customer above that has one. */
    nearest(customer: string, kind: DocumentKind): Record<string, unknown> | undefined {
      for (let at: string | null | undefined = customer; at; at = parentOf.get(at)?.parent) {
        const found = own(at, kind);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    put: (customer: string, kind: DocumentKind, body: Record<string, unknown>): void =>
      void put.run(customer, kind, JSON.stringify(body)),
  };
}
