import { type Option, options } from '../../agent/config-options.ts';
import { code, page, table } from './markdown.ts';

const intro = `# The agent's configuration

\`/etc/stb-agent/agent.toml\`, or the file that \`--config\` names. Each key can be set in the environment too, which wins: \`upstream.mqtt.url\` is
\`STB_AGENT_UPSTREAM__MQTT__URL\`. A list is separated by commas there, or a JSON array:
\`one,two\` or \`["one","two"]\`. An unknown key or a bad value is an error that names the key, the value and what was expected; \`stb-agent config check\`
says so before anything runs, and looks into the PEM files and the token's. This page is made from \`agent/config-options.ts\`.`;

/** Every key, by section. */
export function configurationPage(): string {
  const sections = Map.groupBy(Object.entries<Option>(options), ([key]) => key.split('.').slice(0, -1).join('.'));
  return page(intro, ...[...sections].map(([section, entries]) => sectionOf(section, entries)));
}

function sectionOf(section: string, entries: [string, Option][]): string {
  const rows = entries.map(([key, option]) => [
    code(key.slice(section === '' ? 0 : section.length + 1)),
    typeOf(option),
    option.fallback === null ? '–' : code(JSON.stringify(option.fallback)),
    option.doc,
  ]);
  return [section === '' ? '' : `## [${section}]`, table(['key', 'type', 'default', ''], rows)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function typeOf({ kind, oneOf, range, isWhole, expected }: Option): string {
  if (oneOf) return kind === 'list' ? `list of ${oneOf.map(code).join(', ')}` : oneOf.map(code).join(' or ');
  if (range) return `${isWhole ? 'whole ' : ''}number, ${range[0]} to ${range[1]}`;
  return expected ?? (kind === 'list' ? 'list of texts' : kind === 'string' ? 'text' : kind);
}
