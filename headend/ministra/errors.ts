/** A request of Ministra's REST API that is not carried out: HTTP 200, `{"status":"ERROR","results":null,"error":"…"}`. */
export class MinistraError extends Error {
  override readonly name = 'MinistraError';
  /** What a client finds in `results`. */
  readonly results: unknown;
  constructor(message: string, results: unknown = null) {
    super(message);
    this.results = results;
  }
}
