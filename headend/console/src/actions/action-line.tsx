import { useState } from 'preact/hooks';
import { sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { useRow } from '../fleet/use-row.ts';
import { Icon } from '../icons.tsx';
import { useConfirmed } from '../parts/count-dialog.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { Ago, At } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { type Action, failedStates, hasEnded } from '../types.ts';
import { ActionDetail } from './action-detail.tsx';
import type { Repeated } from './fleet-action.ts';
import { sayParams } from './say-params.ts';

/** One action in a list: what, how far, what came of it. It opens with every report. */
export function ActionLine({ action, showBox = false }: { action: Action; showBox?: boolean }) {
  const { api, notices, session, channelNames } = useApp();
  const [isOpen, setIsOpen] = useState(false);
  const { confirmed, dialog } = useConfirmed();
  const row = useRow(action.box);
  const may = session.may.value;
  const mayAct = row !== undefined && may.actsFor(row.customer);
  const mayCancel = mayAct && !hasEnded(action.state) && !action.cancelAsked;
  const mayRepeat = mayAct && failedStates.includes(action.state) && may.types.includes(action.type);
  const name = texts.types[action.type]?.name ?? action.type;
  const cancel = () =>
    api
      .call('DELETE', `/stb/v1/actions/${action.id}`)
      .then(() => notices.say('good', texts.actions.cancelAsked))
      .catch((error: unknown) => notices.say('bad', sayError(error)));
  const repeat = () =>
    api
      .post<Repeated>(`/stb/v1/actions/${action.id}/repeat`)
      .then(({ boxes, skipped }) => notices.say('good', texts.act.sent(name, boxes, skipped)))
      .catch((error: unknown) => notices.say('bad', sayError(error)));

  return (
    <li class="action" data-open={isOpen}>
      <div class="action-line">
        <button type="button" class="action-open" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name={isOpen ? 'down' : 'right'} />
          <StatePill state={action.state} />
          <strong>{name}</strong>
          <span class="said" dir="auto">
            {sayParams(action, channelNames)}
          </span>
        </button>
        {showBox && (
          <a href={`#/boxes/${action.box}`} dir="auto" title={row?.name}>
            {row?.name || action.box}
          </a>
        )}
        {!hasEnded(action.state) && <ProgressOf progress={action.progress} />}
        {action.when !== null && !hasEnded(action.state) && (
          <small>
            {texts.actions.planned} <At at={action.when} />
          </small>
        )}
        {action.cancelAsked && !hasEnded(action.state) && <small>{texts.actions.cancelling}</small>}
        <small class="when">
          <Ago at={action.createdAt} />
        </small>
        {mayRepeat && (
          <button
            type="button"
            class="quiet"
            onClick={() => confirmed({ type: action.type, boxes: 1, name: row?.name, send: repeat })}
            title={texts.actions.repeatOf(name)}
          >
            <Icon name="follow" />
            <span class="unseen">{texts.actions.repeatOf(name)}</span>
          </button>
        )}
        {mayCancel && (
          <button type="button" class="quiet" onClick={cancel} title={texts.common.cancel}>
            <Icon name="close" />
            <span class="unseen">{texts.actions.cancelOf(name)}</span>
          </button>
        )}
      </div>
      {action.error && <p class="bad action-error">{action.error.message}</p>}
      {isOpen && <ActionDetail action={action} />}
      {dialog}
    </li>
  );
}

/** How far a running action is: its phase in a word, and a bar where the box says a share. */
function ProgressOf({ progress }: { progress: Action['progress'] }) {
  if (progress === null) return null;
  const { percent, phase } = progress;
  return (
    <>
      {phase && <small class="faint">{phase}</small>}
      {percent !== undefined && <progress max="100" value={percent} aria-label={phase ?? texts.states.started} />}
    </>
  );
}
