import { defineAction, need } from '../action.ts';
import { AgentError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';

export const takeScreenshot = defineAction({
  type: 'SCREENSHOT',
  summary: 'Takes a picture of the screen and uploads it.',
  result: {
    width: 'pixels',
    height: 'pixels',
    bytes: 'size of the uploaded file',
    sha256: 'its SHA-256, in hexadecimal',
    contentType: 'image/png',
    file: 'where it is, for one taken by `stb-agent do`; left out else',
    note: 'what is odd about it: that it is a single colour although something should be on; left out else',
  },
  capabilities: ['display'],
  group: 'display',
  idempotent: true,
  deadlineMs: () => 120_000,
  async run(_params, context) {
    const { png, width, height, note } = await need(context.platform, 'display').screenshot(context.signal);
    if (png.length > limits.artifactBytes) {
      throw new AgentError(
        'TOO_LARGE',
        `the picture has ${png.length} bytes, at most ${limits.artifactBytes} are uploaded`,
      );
    }
    context.progress({ phase: 'uploading' });
    const contentType = 'image/png';
    const uploaded = await context.headend.upload(context.id, { contentType, bytes: png }, context.signal);
    return { width, height, ...uploaded, contentType, ...(note !== undefined && { note }) };
  },
});
