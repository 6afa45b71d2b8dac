/** What an HTTP API says it can do: the operations of its OpenAPI document. */

/** A JSON Schema, as far as values are made from it. */
export type Schema = {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  pattern?: string;
  minimum?: number;
  maximum?: number;
};

export type Operation = {
  /** In capitals. */
  method: string;
  /** With `{name}` for each part that varies. */
  path: string;
  query: Record<string, Schema>;
  body: Schema | undefined;
  /** Whether boxes call it; operators do otherwise. */
  isForBoxes: boolean;
  /** Whether it is a call of the API, and not a page or a file beside it. */
  isDocumented: boolean;
};

type Document = {
  paths: Record<
    string,
    Record<
      string,
      {
        tags?: string[];
        parameters?: { in: string; name: string; schema: Schema }[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      }
    >
  >;
};

/** What answers requests and is in no OpenAPI document: pages, files and WebSockets. */
const undocumented = [
  ...['/', '/docs', '/docs/json', '/docs/yaml', '/docs/static/{file}', '/stb/v1/firmware/{file}', '/stb/v1/ws'],
  ...['/ndt/v7/download', '/ndt/v7/upload', '/{nowhere}'],
];

/** Every operation of the headend at `url`. */
export async function operationsOf(url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/docs/json`)).json()) as Document;
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags = [], parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: Object.fromEntries(
        parameters.filter((one) => one.in === 'query').map(({ name, schema }) => [name, schema]),
      ),
      body: Object.values(requestBody?.content ?? {})[0]?.schema,
      isForBoxes: tags.includes('Box') || tags.includes('App'),
      isDocumented: true,
    })),
  );
  return [
    ...documented,
    ...undocumented.map((path) => ({
      method: 'GET',
      path,
      query: {},
      body: undefined,
      isForBoxes: path.endsWith('/ws'),
      isDocumented: false,
    })),
  ];
}
