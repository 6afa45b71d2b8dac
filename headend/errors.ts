/**
 * An answer of the APIs that is not a success. The body is `{ code, message, description }`, as Telecom X documents its errors:
 * `code` is the HTTP status, `message` names the field or the kind of failure, `description` says what is wrong.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly field: string;
  constructor(code: number, field: string, description: string, options?: ErrorOptions) {
    super(description, options);
    this.code = code;
    this.field = field;
  }
}

export type ErrorBody = { code: number; message: string; description: string };

export function toErrorBody(error: ApiError): ErrorBody {
  return { code: error.code, message: error.field, description: error.message };
}

export const accessDenied = () => new ApiError(403, 'access_denied', 'Insufficient access level');
export const notFound = (field: string) => new ApiError(404, field, 'Not found');
export const invalid = (field: string, description: string) => new ApiError(422, field, description);
export const unauthenticated = () => new ApiError(401, 'token', 'Token is missing or invalid');
export const conflict = (field: string, description: string) => new ApiError(409, field, description);
