/** The line that asks for the same in a shell. The token is not in it: it is in `$TOKEN` of the shell. */
export function curlLine(origin: string, body: Record<string, unknown>, path = '/stb/v1/actions'): string {
  const json = JSON.stringify(body).replaceAll("'", `'\\''`);
  return `curl -X POST '${origin}${path}' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${json}'`;
}
