import { defineAction, need } from '../action.ts';
import { AgentError } from '../errors.ts';

/** How far the volume read back may be off: boxes have fewer than 100 steps and round. */
const tolerance = 1;

export const setVolume = defineAction({
  type: 'VOLUME',
  summary: 'Sets the volume and reads it back.',
  result: { volume: 'the volume read back, 0 to 100' },
  capabilities: ['audio'],
  group: 'audio',
  idempotent: true,
  deadlineMs: () => 10_000,
  async run(params, context) {
    const volume = await need(context.platform, 'audio').setVolume(params.volume);
    if (Math.abs(volume - params.volume) <= tolerance) return { volume };
    throw new AgentError(
      'DEVICE_FAILED',
      `asked for volume ${params.volume}, the box has ${volume}; look at what else controls its sound`,
      { result: { volume } },
    );
  },
});
