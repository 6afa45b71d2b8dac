/** Why a server, a headend, a broker or a portal, could not be reached, in words that a person at the box can act on. */

const notThisTls = 'what listens there does not speak this TLS; check the scheme and the port';

const bySystemCode: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused); is the server running, is the port right?',
  ECONNRESET: 'the connection was cut by the other side',
  EPIPE: 'the connection was cut by the other side',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no route to the host; is the box on the network?',
  ENETUNREACH: 'no route to the network; is the box on the network?',
  ENOTFOUND: 'the host name is not known; check the name and the DNS server',
  EAI_AGAIN: 'the DNS server does not answer; is the box on the network?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed; name its file in ca_file to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not trusted; name its file in ca_file',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate comes from an authority that is not trusted; name its file in ca_file',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate comes from an authority that is not trusted; name its file in ca_file',
  CERT_HAS_EXPIRED: "the certificate has expired, or the box's clock is wrong",
  CERT_NOT_YET_VALID: "the certificate is not valid yet, or the box's clock is wrong",
  EPROTO: notThisTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notThisTls,
  ERR_INVALID_CHAR: 'the token has characters that cannot be sent; check headend.token_file',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host; check the URL',
};

/** One sentence for any error: plain words and, in brackets, what the system said. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails with one error for each.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const words = bySystemCode[code];
  return words ? `${words} (${error.message.trim()})` : error.message;
}

/** What an HTTP status other than 2xx means for an upstream. `location` is the header of a redirect. */
export function statusReason(status: number, location?: string | null): string {
  if (status === 401) return 'the server refused the credentials (401); check the token or the login of this box';
  if (status === 403) return 'the server knows the credentials but does not let this box in (403)';
  if (status === 404) return 'there is no such path at the server (404); check the URL';
  if (status === 426) return 'the server wants another protocol on this path (426); check the URL';
  if (status === 429) return 'the server says that it is asked too often (429)';
  if (status >= 300 && status < 400) {
    return `the server redirects to ${location?.slice(0, 200) ?? 'nowhere'} (${status}), which is not followed; set the URL to where it is`;
  }
  return `the server answered ${status}${status >= 500 ? ', an error of its own' : ''}`;
}
