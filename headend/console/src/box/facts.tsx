import { useApp } from '../app.ts';
import { showBytes, showCount, showDegrees, showPercent, showSpan, showTimeIn, viewerZone } from '../format.ts';
import { Ago } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import type { Box, Playing } from '../types.ts';

/** What is known of a box, each with its name; what the box never said is left out. */
export function Facts({ box }: { box: Box }) {
  const { session, now } = useApp();
  const { telemetry } = box;
  const groupNames = new Map(session.groups.value.map(({ id, name }) => [id, name]));
  const customer = session.customers.value.find(({ id }) => id === box.customer)?.name;
  const words = texts.box.facts;
  const facts: [string, preact.ComponentChildren][] = [
    [words.playing, sayPlaying(box.playing)],
    [words.power, telemetry?.power && texts.box.power[telemetry.power]],
    [words.volume, telemetry?.volume],
    [words.cpu, telemetry?.cpuPercent !== undefined && showPercent(telemetry.cpuPercent)],
    [words.freeMemory, telemetry?.freeMemoryPercent !== undefined && showPercent(telemetry.freeMemoryPercent)],
    [words.temperature, telemetry?.temperature !== undefined && showDegrees(telemetry.temperature)],
    [words.freeDisk, telemetry?.freeDiskBytes !== undefined && showBytes(telemetry.freeDiskBytes)],
    [words.wifi, telemetry?.wifiSignalDbm !== undefined && `${telemetry.wifiSignalDbm} dBm`],
    [words.uptime, telemetry?.uptimeSeconds !== undefined && showSpan(telemetry.uptimeSeconds)],
    [words.queue, telemetry?.queue && texts.box.queue(telemetry.queue)],
    [words.clock, telemetry && <Ago at={telemetry.at} />],
    [words.zone, sayZone(box.timezone, now.value)],
    [words.lastSeen, box.lastSeen && <Ago at={box.lastSeen} />],
    [words.upstream, box.upstream],
    [words.customer, customer],
    [words.groups, box.groups.map((id) => groupNames.get(id) ?? id).join(', ')],
    [words.agent, box.agent],
    [words.bootReason, box.bootReason],
    [words.id, <code key="id">{box.id}</code>],
    [words.notes, box.notes],
    ...Object.entries(box.customFields).map(([name, value]): [string, string] => [name, String(value)]),
  ];
  return (
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">{texts.box.factsTitle}</h2>
      {telemetry === null && <p class="faint">{texts.box.silent}</p>}
      <dl class="facts">
        {facts.map(([name, value]) =>
          value === undefined || value === null || value === false || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

/** What plays, in words. */
export function sayPlaying(playing: Playing | null): string | null {
  if (playing === null) return null;
  const name = playing.name ?? playing.url ?? playing.id ?? '';
  return playing.number === undefined ? name : `${showCount(playing.number)} ${name}`;
}

/** What time it is where the box is, where that is not the viewer's time. */
function sayZone(zone: string | null, now: number): string | null {
  const there = zone === null ? null : showTimeIn(zone, now);
  return there === null || there === showTimeIn(viewerZone(), now) ? null : texts.box.zone(there, zone ?? '');
}
