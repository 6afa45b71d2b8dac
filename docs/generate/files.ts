import { actionsPage } from './actions-page.ts';
import { configurationPage } from './configuration-page.ts';
import { coveragePage } from './coverage-page.ts';
import { errorsPage } from './errors-page.ts';
import { schemas } from './schemas.ts';

/** Everything in `docs/` that is made from the code, by its path there. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    ['actions.md', actionsPage()],
    ['errors.md', errorsPage()],
    ['configuration.md', configurationPage()],
    ['api-coverage.md', coveragePage()],
    ...Object.entries(schemas()).map(
      ([name, schema]) => [`schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`] as const,
    ),
  ]);
}
