import { sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { LongListView } from '../long-list/long-list-view.tsx';
import { pagePath, useLongList } from '../long-list/use-long-list.ts';
import { useConfirmed } from '../parts/count-dialog.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { Ago, At } from '../parts/time.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import { type Action, actionStates, endedStates, failedStates, type Page } from '../types.ts';
import { ActionLine } from './action-line.tsx';
import { progressOf, type Repeated, type WholeFleetAction } from './fleet-action.ts';
import { ProgressBar } from './progress-bar.tsx';
import { sayParams } from './say-params.ts';
import { useSoonAgain } from './use-soon-again.ts';

/** One request: how far it is, why boxes did not do it, and each of its actions. */
export function FleetActionDetail({ id }: { id: string }) {
  const { api, router, channelNames, now } = useApp();
  const state = router.route.value.query.get('state') ?? '';
  const loaded = useLoad(`fleet-action ${id}`, () =>
    api.get<WholeFleetAction>(`/stb/v1/fleet-actions/${encodeURIComponent(id)}?limit=1`),
  );
  const list = useLongList(`actions ${id} ${state}`, async (page) => {
    const path = pagePath('/stb/v1/actions', { request: id, state: state || null }, page);
    return (await api.get<Page<Action>>(path)).items;
  });
  useSoonAgain(loaded.again);
  useSoonAgain(list.changed);
  if (loaded.error === texts.errors.notFound)
    return <Empty isWhole title={texts.actions.gone} text={texts.actions.goneText} />;
  if (loaded.error !== null) return <Failure text={loaded.error} retry={loaded.again} />;
  if (loaded.value === undefined) return <Loading />;
  const item = loaded.value;
  const said = sayParams(item, channelNames);
  return (
    <div class="actions">
      <div class="head">
        <a class="quiet back" href="#/actions">
          <Icon name="left" />
          <span class="unseen">{texts.sections.actions}</span>
        </a>
        <div class="title">
          <h1>{texts.types[item.type]?.name ?? item.type}</h1>
          <p class="faint">
            {said && <bdi>{said}</bdi>}
            {said && ' · '}
            {texts.actions.boxes(showCount(item.total), item.total)} · <Ago at={item.createdAt} />
            {item.createdBy && ` · ${item.createdBy}`}
          </p>
        </div>
        <Buttons item={item} />
      </div>
      <section class="card" aria-label={texts.actions.howFar}>
        <ProgressBar progress={progressOf(item, now.value)} />
        {item.when && (
          <p>
            {texts.actions.planned} <At at={item.when} />
          </p>
        )}
        {item.reasons.length > 0 && (
          <table class="plain-table reasons">
            <caption>{texts.actions.reasons}</caption>
            <tbody>
              {item.reasons.map(({ state: ended, code, message, count }) => (
                <tr key={`${ended} ${code}`}>
                  <td class="number">{showCount(count)}</td>
                  <td>{texts.states[ended]}</td>
                  <td>
                    {message} {code && <code>{code}</code>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <div class="filters">
        <select
          aria-label={texts.actions.state}
          value={state}
          onChange={(event) => {
            const { value } = event.currentTarget;
            router.setQuery(new URLSearchParams(value === '' ? {} : { state: value }));
          }}
        >
          <option value="">{texts.actions.anyState}</option>
          {actionStates.map((each) => (
            <option key={each} value={each}>
              {texts.states[each]} ({showCount(item.states[each] ?? 0)})
            </option>
          ))}
        </select>
      </div>
      <div class="card">
        <LongListView
          list={list}
          class="action-list"
          endIsClear
          render={(action) => <ActionLine key={action.id} action={action} showBox />}
          empty={<Empty title={texts.actions.noneSuch} text={texts.actions.noneSuchText} />}
        />
      </div>
    </div>
  );
}

function Buttons({ item }: { item: WholeFleetAction }) {
  const { api, notices, session, router } = useApp();
  const may = session.may.value.types.includes(item.type);
  const { confirmed, dialog } = useConfirmed();
  const open = item.total - endedStates.reduce((sum, state) => sum + (item.states[state] ?? 0), 0);
  const failed = failedStates.reduce((sum, state) => sum + (item.states[state] ?? 0), 0);

  async function attempt(what: () => Promise<string>): Promise<void> {
    try {
      notices.say('good', await what());
    } catch (error) {
      notices.say('bad', sayError(error));
    }
  }
  const cancel = () =>
    attempt(async () => {
      const { cancelled } = await api.call<{ cancelled: number }>('DELETE', `/stb/v1/fleet-actions/${item.id}`);
      return texts.actions.cancelled(cancelled);
    });
  const repeat = () =>
    attempt(async () => {
      const made = await api.post<Repeated>(`/stb/v1/fleet-actions/${item.id}/repeat`);
      if (made.id !== null) router.go(`/actions/${made.id}`);
      return texts.act.sent(texts.types[item.type]?.name ?? item.type, made.boxes, made.skipped);
    });
  if (!may) return null;
  return (
    <div class="row">
      {failed > 0 && (
        <button
          type="button"
          class="primary"
          onClick={() => confirmed({ type: item.type, boxes: failed, send: repeat })}
        >
          {texts.actions.repeat(showCount(failed))}
        </button>
      )}
      {open > 0 && (
        <button type="button" class="plain danger" onClick={cancel}>
          {texts.actions.cancelOpen(showCount(open))}
        </button>
      )}
      {dialog}
    </div>
  );
}
