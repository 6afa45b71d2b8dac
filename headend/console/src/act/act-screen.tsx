import { useMemo, useState } from 'preact/hooks';
import { type ActionType, isActionType } from '../../../../agent/protocol/params.ts';
import { CallError } from '../api.ts';
import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { useConfirmed } from '../parts/count-dialog.tsx';
import { sayAtField } from '../parts/refusal.ts';
import { useDraft } from '../parts/use-draft.ts';
import { destructiveTypes } from '../permissions.ts';
import { texts } from '../texts.ts';
import type { Action } from '../types.ts';
import { CurlBox } from './curl-box.tsx';
import { fieldsOf, problemsOf } from './fields.ts';
import { ParamFields } from './param-fields.tsx';
import { sayWhyNot, useReach } from './preview.ts';
import { ReachLine } from './reach-line.tsx';
import { isComplete, readTarget, targetBody } from './target.ts';
import { TargetField } from './target-field.tsx';
import { now, timingBody, timingProblems } from './timing.ts';
import { TimingFields } from './timing-fields.tsx';
import { TypeField } from './type-field.tsx';

type ParamsByType = Partial<Record<ActionType, Record<string, unknown>>>;

/** One form for everything that boxes can be asked: whom, what, when; and what that would do before it is done. */
export function ActScreen() {
  const { api, router, session, selection, notices, now: clock } = useApp();
  const { query } = router.route.value;
  const { types } = session.may.value;
  const named = query.get('type');
  const asked = isActionType(named) ? named : undefined;
  const type = asked && types.includes(asked) ? asked : (types[0] ?? 'MESSAGE');
  const target = useMemo(() => readTarget(query, selection.value), [query, selection.value]);
  const [paramsByType, setParamsByType] = useDraft<ParamsByType>('act params', {});
  const [timing, setTiming] = useDraft('act timing', now);
  const [isTold, setIsTold] = useState(false);
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [sent, setSent] = useState(0);

  const params = useMemo(() => paramsByType[type] ?? {}, [paramsByType, type]);
  const fields = useMemo(() => fieldsOf(type), [type]);
  const problems = useMemo(() => problemsOf(type, params), [type, params]);
  const badTimes = timingProblems(timing, Math.max(clock.value, Date.now()));
  const canSend = isComplete(target) && [problems, badTimes].every((each) => Object.keys(each).length === 0);
  const body = { ...targetBody(target), type, params, ...timingBody(timing) };
  const { reach, error } = useReach(canSend ? body : null, sent);
  const { confirmed, dialog } = useConfirmed(reach?.boxes);
  const isDestructive = destructiveTypes.includes(type);
  // What asks for the number of boxes waits until the headend has counted them.
  const isCounting = isDestructive && canSend && reach === undefined;
  const takers = reach && reach.boxes - reach.skipped;
  const reachesNobody = !isComplete(target) || takers === 0;
  const shown = { ...(isTold ? problems : {}), ...(refusal ? { [refusal.field]: sayAtField(refusal) } : {}) };

  const chooseType = (chosen: ActionType) => {
    const next = new URLSearchParams(query);
    next.set('type', chosen);
    router.setQuery(next);
    setIsTold(false);
    setRefusal(null);
  };

  async function send(): Promise<void> {
    setIsBusy(true);
    try {
      const made = await api.post<{ actions: Action[]; skipped: number }>('/stb/v1/actions', body);
      const one = made.actions.length === 1 ? made.actions[0] : undefined;
      const link = { href: one ? `#/boxes/${one.box}` : '#/actions', text: texts.act.look };
      notices.say('good', texts.act.sent(texts.types[type].name, made.actions.length, made.skipped), link);
      setIsTold(false);
      setSent(sent + 1);
    } catch (failure) {
      if (failure instanceof CallError && failure.status === 422) setRefusal(failure);
      notices.say('bad', texts.send.failed(texts.types[type].name, sayWhyNot(failure)));
    } finally {
      setIsBusy(false);
    }
  }

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault();
    setIsTold(true);
    setRefusal(null);
    const halfTyped = event.currentTarget.querySelector<HTMLInputElement>('.timing input:invalid');
    if (canSend && halfTyped) halfTyped.reportValidity();
    else if (!canSend) {
      requestAnimationFrame(() => {
        const wrong = document.querySelector<HTMLElement>('.act [aria-invalid=true]');
        wrong?.focus();
        wrong?.scrollIntoView({ block: 'nearest' });
      });
    } else if (!isCounting) confirmed({ type, boxes: reach?.boxes ?? 0, send });
  }

  return (
    <div class="act">
      <div class="head">
        <h1>{texts.sections.act}</h1>
      </div>
      <form class="act-form" onSubmit={submit} noValidate>
        <div class="act-column">
          <TargetField target={target} />
          <TypeField type={type} types={types} refused={asked === type ? undefined : asked} choose={chooseType} />
        </div>
        <div class="act-column">
          <section class="card params" aria-label={texts.types[type].name}>
            <h2>{texts.types[type].name}</h2>
            <p class="faint">{texts.types[type].does}</p>
            <ParamFields
              type={type}
              fields={fields}
              params={params}
              problems={shown}
              set={(name, value) => {
                setRefusal(null);
                const { [name]: _, ...rest } = params;
                setParamsByType({ ...paramsByType, [type]: value === undefined ? rest : { ...rest, [name]: value } });
              }}
            />
          </section>
          <TimingFields timing={timing} problems={badTimes} set={setTiming} />
          <div class="card sending">
            <ReachLine target={target} isReady={canSend} reach={reach} error={error} />
            <button
              type="submit"
              class={isDestructive ? 'primary danger' : 'primary'}
              disabled={isBusy || isCounting || reachesNobody}
            >
              <Icon name="act" />
              {takers ? texts.act.sendTo(showCount(takers)) : texts.act.send}
            </button>
          </div>
          <CurlBox body={body} />
        </div>
      </form>
      {dialog}
    </div>
  );
}
