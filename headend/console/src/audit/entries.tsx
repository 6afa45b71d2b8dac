import { useApp } from '../app.ts';
import { At } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { type Entry, sayEnd, sayGiven, sayOutcome, sayWhat } from './entry.ts';

/** The lines of the audit. Who and the token can be chosen, to see no others. */
export function Entries({
  entries,
  choose,
}: {
  entries: readonly Entry[];
  choose(field: 'user' | 'fingerprint', value: string): void;
}) {
  const { session, fleet, channelNames } = useApp();
  const words = texts.audit;
  // Boxes are named once the fleet is there.
  void fleet.state.value;
  const nameOf = (id: string) =>
    [...session.customers.value, ...session.groups.value].find((known) => known.id === id)?.name ??
    fleet.get(id)?.name ??
    (isId(id) ? channelNames.of(id) : undefined);
  return (
    <div class="card table-scroll">
      <table class="plain-table audit">
        <thead>
          <tr>
            {[words.when, words.who, words.what, words.whom, words.detail, words.how].map((title) => (
              <th key={title}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => {
            const end = sayEnd(entry);
            return (
              <tr key={entry.id}>
                <td class="nowrap">
                  <At at={entry.at} />
                </td>
                <td class="whom">
                  <Who who={entry.who} choose={choose} />
                </td>
                <td title={entry.call}>{sayWhat(entry)}</td>
                <td class="detail" title={entry.target}>
                  {entry.target === 'ALL' ? words.all : withoutIds(entry.target)}
                </td>
                <td class="detail">{sayGiven(entry.given, nameOf)}</td>
                <td class="detail">
                  <span class={`pill ${end.tone}`}>{end.word}</span> {sayOutcome(entry)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What has a name goes by it; its id stands behind. */
const withoutIds = (text: string) => text.replace(/ \([0-9a-f]{24}\)/g, '');
const isId = (text: string) => /^[0-9a-f]{24}$/.test(text);

function Who({ who, choose }: { who: Entry['who']; choose(field: 'user' | 'fingerprint', value: string): void }) {
  const { kind, id, name, role, fingerprint, address } = who;
  return (
    <>
      {id === null ? (
        name
      ) : (
        <button type="button" class="link" onClick={() => choose('user', id)}>
          {name}
        </button>
      )}{' '}
      <small class="faint">{role === null ? texts.audit.kinds[kind] : texts.roles[role]}</small>
      <br />
      <small class="faint">
        {fingerprint !== null && (
          <button type="button" class="link" onClick={() => choose('fingerprint', fingerprint)}>
            {texts.audit.token(fingerprint)}
          </button>
        )}{' '}
        {address}
      </small>
    </>
  );
}
