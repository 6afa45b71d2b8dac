/** What `doctor` finds where no agent runs to be asked: the box as the driver sees it, opened for a moment. */
import { PlatformError } from '../platform/contract.ts';
import { openPlatform } from '../platform/index.ts';
import type { Config } from './config.ts';
import { examineCapabilities, type Finding } from './introspection.ts';
import { driverSettings } from './settings.ts';

/** The first finding is that no agent runs. Throws what the driver throws when the box cannot be opened at all. */
export async function examineWithoutAgent(config: Config): Promise<Finding[]> {
  const noAgent = {
    name: 'agent',
    ok: false,
    detail: `none runs on ${config.state_dir}; the box was looked at without it`,
    cure: 'start it: systemctl start stb-agent, or stb-agent run',
  };
  const ending = new AbortController();
  try {
    const platform = await openPlatform(config['platform.driver'], driverSettings(config, ending.signal));
    try {
      return [noAgent, ...examineCapabilities(platform)];
    } finally {
      await platform.close();
    }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return [noAgent, { name: 'box', ok: false, detail: error.message }];
  }
}
