import type { Fleet } from '../fleet/fleet.ts';

type Sample = { labels?: Record<string, string>; value: number };

/** The headend's figures in the Prometheus text format, version 0.0.4. */
export function metricsText(fleet: Fleet): string {
  const { counters, store } = fleet;
  const messages = Object.entries(counters.messages).map(([kind, value]) => ({ labels: { kind }, value }));
  const memory = process.memoryUsage();
  return [
    metric('stb_headend_boxes_online', 'gauge', 'Boxes that are online.', [{ value: fleet.presence.online().length }]),
    metric(
      'stb_headend_devices',
      'gauge',
      'Devices in the store, by type.',
      store.boxes.count().map(({ type, count }) => ({ labels: { type }, value: count })),
    ),
    metric(
      'stb_headend_actions',
      'gauge',
      'Actions in the store, by state.',
      store.actions.count().map(({ state, count }) => ({ labels: { state }, value: count })),
    ),
    metric('stb_headend_messages_total', 'counter', 'Messages from boxes, by kind.', messages),
    metric('stb_headend_unreadable_messages_total', 'counter', 'Messages from boxes that could not be read.', [
      { value: counters.unreadable },
    ]),
    metric(
      'stb_headend_stray_reports_total',
      'counter',
      'Reports and artifacts about actions the box was never given.',
      [{ value: counters.strayReports }],
    ),
    metric('stb_headend_late_reports_total', 'counter', 'Final reports of actions that had ended otherwise.', [
      { value: counters.lateReports },
    ]),
    metric('stb_headend_sends_total', 'counter', 'Actions sent to boxes, repeats included.', [
      { value: counters.sends },
    ]),
    metric('stb_headend_actions_created_total', 'counter', 'Actions made.', [{ value: counters.actionsCreated }]),
    metric('stb_headend_actions_skipped_total', 'counter', 'Actions not made because the same one was waiting.', [
      { value: counters.actionsSkipped },
    ]),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', [{ value: memory.rss }]),
    metric('process_heap_bytes', 'gauge', 'Heap in use.', [{ value: memory.heapUsed }]),
    metric('process_uptime_seconds', 'gauge', 'Seconds since the headend started.', [{ value: process.uptime() }]),
  ].join('');
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => `${name}${labels === undefined ? '' : braces(labels)} ${value}`);
  return `${[`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`;
}

function braces(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '\\$&')}"`);
  return `{${pairs.join(',')}}`;
}
