import manifest from '../package.json' with { type: 'json' };

/** The version of the agent, as hello and `--version` say it. */
export const version: string = manifest.version;
