import { useMemo } from 'preact/hooks';
import { CurlBox } from '../act/curl-box.tsx';
import { problemsOf } from '../act/fields.ts';
import { useReach } from '../act/preview.ts';
import { isComplete, readTarget, targetBody } from '../act/target.ts';
import { TargetField } from '../act/target-field.tsx';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { useConfirmed } from '../parts/count-dialog.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { texts } from '../texts.ts';
import { type Rollout, readShares } from './rollout.ts';
import { RolloutReach } from './rollout-reach.tsx';
import { WavePlan } from './wave-plan.tsx';

const presets = ['1, 10, 100', '5, 25, 100', '100'];
const longestMinutes = 43_200;
const isMinutes = (text: string, least: number) =>
  text.trim() !== '' && Number(text) >= least && Number(text) <= longestMinutes;

/** A new rollout: image, whom, waves, gate; and what that means before it begins. */
export function RolloutForm() {
  const { api, router, selection, notices } = useApp();
  const { query } = router.route.value;
  const target = useMemo(() => readTarget(query, selection.value), [query, selection.value]);
  const [name, setName] = useDraft('rollout name', '');
  const [address, setAddress] = useDraft('rollout address', '');
  const [waves, setWaves] = useDraft('rollout waves', '1, 10, 100');
  const [gate, setGate] = useDraft('rollout gate', '95');
  const [minutes, setMinutes] = useDraft('rollout minutes', '120');
  const [soak, setSoak] = useDraft('rollout soak', '0');
  const { confirmed, dialog } = useConfirmed();

  const words = texts.rollouts;
  const firmware = address.trim();
  const shares = readShares(waves);
  const problems = {
    address: firmware === '' ? '' : problemsOf('FIRMWARE', { firmware }).firmware,
    gate: Number(gate) > 0 && Number(gate) <= 100 ? undefined : words.gateBad,
    minutes: isMinutes(minutes, 1 / 60) ? undefined : words.minutesBad,
    soak: isMinutes(soak, 0) ? undefined : words.minutesBad,
  };
  const isImage = problems.address === undefined;
  const { reach, error: unreachable } = useReach(
    isComplete(target) ? { ...targetBody(target), type: 'FIRMWARE', params: isImage ? { firmware } : {} } : null,
  );
  const takers = reach === undefined ? 0 : reach.boxes - reach.unsupported;
  const isFree = reach?.rollouts.length === 0;
  const isValid = shares !== undefined && Object.values(problems).every((problem) => problem === undefined);
  const body = {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    firmware,
    ...targetBody(target),
    waves: shares ?? [],
    gate: Number(gate),
    patienceSeconds: Math.round(Number(minutes) * 60),
    soakSeconds: Math.round(Number(soak) * 60),
  };

  async function begin(): Promise<void> {
    const { id } = await api.post<Rollout>('/stb/v1/rollouts', body);
    notices.say('good', words.begun);
    router.go(`/rollouts/${id}`);
  }

  return (
    <div class="act">
      <div class="head">
        <a class="quiet back" href="#/rollouts">
          <Icon name="left" />
          <span class="unseen">{texts.sections.rollouts}</span>
        </a>
        <h1>{words.create}</h1>
      </div>
      <form
        class="rollout-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isValid && isFree && takers > 0) confirmed({ type: 'FIRMWARE', boxes: takers, send: begin });
        }}
      >
        <section class="card stack-form" aria-labelledby="image-title">
          <h2 id="image-title">{words.image}</h2>
          <TextField
            name={words.address}
            value={address}
            set={setAddress}
            required
            autofocus
            hint={problems.address || words.addressHint}
            isWrong={Boolean(problems.address)}
          />
          <TextField name={words.name} value={name} set={setName} hint={words.nameHint} />
        </section>
        <TargetField target={target} />
        <section class="card stack-form" aria-labelledby="waves-title">
          <h2 id="waves-title">{words.waves}</h2>
          <div class="fields fill">
            <div class="field-group">
              <TextField
                name={words.shares}
                value={waves}
                set={setWaves}
                required
                hint={shares === undefined ? words.sharesBad : words.sharesHint}
                isWrong={shares === undefined}
              />
              <fieldset class="presets">
                <legend class="unseen">{words.presets}</legend>
                {presets.map((preset) => (
                  <button key={preset} type="button" class="plain" onClick={() => setWaves(preset)}>
                    {preset}
                  </button>
                ))}
              </fieldset>
            </div>
            <TextField
              name={words.gate}
              numeric
              value={gate}
              set={setGate}
              required
              hint={problems.gate ?? words.gateHint}
              isWrong={problems.gate !== undefined}
            />
            <TextField
              name={words.minutes}
              numeric
              value={minutes}
              set={setMinutes}
              required
              hint={problems.minutes ?? words.minutesHint}
              isWrong={problems.minutes !== undefined}
            />
            <TextField
              name={words.soak}
              numeric
              value={soak}
              set={setSoak}
              required
              hint={problems.soak ?? words.soakHint}
              isWrong={problems.soak !== undefined}
            />
          </div>
          {shares !== undefined && problems.gate === undefined && takers > 0 && (
            <WavePlan shares={shares} gate={Number(gate)} boxes={takers} />
          )}
        </section>
        <div class="card sending">
          <RolloutReach isReady={isComplete(target)} reach={reach} error={unreachable} />
          <button type="submit" class="primary danger" disabled={!isValid || !isFree || takers === 0}>
            <Icon name="firmware" />
            {words.begin}
          </button>
        </div>
        <CurlBox path="/stb/v1/rollouts" body={body} />
      </form>
      {dialog}
    </div>
  );
}
