import { useId } from 'preact/hooks';
import { viewerZone } from '../format.ts';
import { texts } from '../texts.ts';
import { now, type Timing, type TimingProblems } from './timing.ts';

/** Now or at a time, with expiry and spread. */
export function TimingFields(props: { timing: Timing; problems: TimingProblems; set(timing: Timing): void }) {
  const { timing, problems, set } = props;
  const { isLater } = timing;
  const choose = (when: string | null) => set({ ...timing, isLater: when !== null, when: when ?? now.when });
  const field = (name: keyof TimingProblems, label: string) => (
    <TimingField
      name={label}
      value={timing[name]}
      problem={problems[name]}
      isTime={name !== 'spreadMinutes'}
      set={(value) => set({ ...timing, [name]: value })}
    />
  );
  return (
    <fieldset class="card timing">
      <legend>
        <h2>{texts.act.when}</h2>
      </legend>
      <div class="segments">
        <label>
          <input type="radio" name="when" checked={!isLater} onChange={() => choose(null)} />
          {texts.act.now}
        </label>
        <label>
          <input type="radio" name="when" checked={isLater} onChange={() => choose(inAnHour())} />
          {texts.act.later}
        </label>
      </div>
      <div class="fields">
        {isLater && field('when', texts.act.at(viewerZone()))}
        {field('expires', texts.act.expires)}
        {field('spreadMinutes', texts.act.spread)}
      </div>
    </fieldset>
  );
}

function TimingField(props: {
  name: string;
  value: string;
  problem: string | undefined;
  isTime: boolean;
  set(value: string): void;
}) {
  const { name, value, problem, isTime, set } = props;
  const note = useId();
  return (
    <label class="field">
      <span>{name}</span>
      <input
        type={isTime ? 'datetime-local' : 'number'}
        min={isTime ? undefined : 0}
        step={isTime ? undefined : 'any'}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={problem && note}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {problem && (
        <small id={note} class="bad">
          {problem}
        </small>
      )}
    </label>
  );
}

function inAnHour(): string {
  const date = new Date(Date.now() + 3_600_000 - new Date().getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16);
}
