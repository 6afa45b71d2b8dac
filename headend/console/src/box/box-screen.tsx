import { useEffect } from 'preact/hooks';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { Ago } from '../parts/time.tsx';
import { href } from '../router.ts';
import { texts } from '../texts.ts';
import type { Box } from '../types.ts';
import { Abilities } from './abilities.tsx';
import { Facts } from './facts.tsx';
import { QuickActions } from './quick-actions.tsx';
import { type Reasons, reasonAgainst } from './reason-against.ts';
import { RemotePanel } from './remote-panel.tsx';
import { ScreenPanel } from './screen-panel.tsx';
import { SpeedTests } from './speed-tests.tsx';
import { TelemetryPanel } from './telemetry-panel.tsx';
import { Timeline } from './timeline.tsx';
import { useBox } from './use-box.ts';

/** One box: how it is, what it shows, what it was asked and what it can. */
export function BoxScreen({ id }: { id: string }) {
  const { value: box, error, again } = useBox(id);
  useEffect(() => {
    if (box) document.title = `${box.name || box.id} · ${texts.product}`;
  }, [box]);
  if (box !== undefined) return <WholeBox box={box} />;
  if (error === null) return <Loading />;
  if (error === texts.errors.notFound) return <Empty isWhole title={texts.box.missing} text={texts.box.missingText} />;
  return <Failure text={error} retry={again} />;
}

function WholeBox({ box }: { box: Box }) {
  const { session } = useApp();
  const may = session.may.value;
  const mayAct = may.types.length > 0 && may.actsFor(box.customer);
  const against: Reasons = (type) => reasonAgainst(type, box, may);
  return (
    <div class="box-screen">
      <div class="head">
        <a class="quiet back" href="#/fleet">
          <Icon name="left" />
          <span class="unseen">{texts.sections.fleet}</span>
        </a>
        <div class="title">
          <h1 dir="auto">{box.name || box.mac || box.id}</h1>
          <p class="faint">
            <span class="mono">{box.mac}</span> · {box.model ?? texts.box.unknownModel}
            {box.firmware && ` · ${texts.box.firmwareIs(box.firmware)}`}
          </p>
        </div>
        <p class={box.online ? 'pill good' : 'pill calm'} role="status">
          <span class={box.online ? 'dot on' : 'dot'} aria-hidden="true" />
          {box.online ? texts.fleet.online : texts.fleet.offline}
          {box.lastSeen !== null && !box.online && (
            <>
              {' · '}
              <Ago at={box.lastSeen} />
            </>
          )}
        </p>
        {mayAct && (
          <a class="primary" href={href('/act', { target: 'box', box: box.id })}>
            {texts.sections.act}
          </a>
        )}
      </div>
      {box.faults.length > 0 && (
        <ul class="banner bad" aria-label={texts.box.faults}>
          {box.faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
      <div class="box-grid">
        <div class="box-main">
          <ScreenPanel box={box} against={against('SCREENSHOT')} mayLook={may.types.includes('SCREENSHOT')} />
          {mayAct && <QuickActions box={box} against={against} />}
          <TelemetryPanel box={box} />
          <SpeedTests box={box} against={against('SPEEDTEST')} />
          <Timeline box={box} />
        </div>
        <div class="box-side">
          {mayAct && <RemotePanel box={box} against={against('EMULATEKEYS')} />}
          <Facts box={box} />
          <Abilities box={box} />
        </div>
      </div>
    </div>
  );
}
