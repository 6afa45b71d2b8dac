/** How the user interface is looked for, and what comes with it: keys and pictures. */
import type { Display, Keys, Ui } from '../../contract.ts';
import { askChromium, type ChromiumPage, createChromiumPage, usualCdpUrl } from './chromium.ts';
import { type Camera, createCommandCamera, createDisplay, createFramebufferCamera, type OnScreen } from './display.ts';
import { createKeySet, evdevCodes } from './key-sets.ts';
import { createCdpKeys, createUinputKeys } from './keys.ts';
import type { UiPage } from './page.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { createUi } from './ui.ts';
import { openVirtualRemote, remoteName, type VirtualRemote, whyNoUinput } from './uinput.ts';
import { askWebKit, createWebKitPage } from './webkit.ts';

export type UiProbe = Probe<Ui> & { page?: UiPage; chromium?: ChromiumPage };

/** The configured one, answering or not; else a Chromium at the usual place that answers now. */
export async function probeUi({ settings }: ProbeContext, wake: () => Promise<void>): Promise<UiProbe> {
  const { cdpUrl, inspectorUrl } = settings;
  if (cdpUrl !== undefined || inspectorUrl === undefined) {
    const browser = await askChromium(cdpUrl ?? usualCdpUrl).catch(() => undefined);
    if (cdpUrl === undefined && browser === undefined) return noUi;
    const chromium = createChromiumPage(cdpUrl ?? usualCdpUrl);
    const by = browser === undefined ? `${chromium.name}, which does not answer yet` : `${chromium.name} (${browser})`;
    return { capability: createUi(chromium, wake), by, page: chromium, chromium };
  }
  const page = createWebKitPage(inspectorUrl);
  const answers = await askWebKit(inspectorUrl).then(
    () => true,
    () => false,
  );
  return {
    capability: createUi(page, wake),
    by: answers ? page.name : `${page.name}, which does not answer yet`,
    page,
  };
}

const noUi = {
  reason: `no user interface can be reached: nothing answers at ${usualCdpUrl}`,
  cure: 'start Chromium with --remote-debugging-port=9222 and --user-data-dir, or Cog with WEBKIT_INSPECTOR_HTTP_SERVER, and set platform.linux.cdp_url or inspector_url',
};

/** Keys go to a Chromium user interface where there is one, for no keyboard reaches all of its keys; else to the kernel. */
export async function probeKeys(
  context: ProbeContext,
  chromium: ChromiumPage | undefined,
): Promise<Probe<Keys> & { remote?: VirtualRemote }> {
  const { keysBy, keySet, keys } = context.settings;
  if (keysBy === 'uinput' || (keysBy === 'auto' && chromium === undefined)) return probeUinputKeys(context);
  if (chromium === undefined) {
    return {
      reason: 'keys are to go to a Chromium user interface, and there is none',
      cure: 'set platform.linux.cdp_url, or platform.linux.keys_by = "uinput"',
    };
  }
  const name = keySet === 'auto' ? 'cehtml' : keySet;
  return { capability: createCdpKeys(createKeySet(name, keys), chromium), by: `${chromium.name}, key set ${name}` };
}

async function probeUinputKeys({ system, settings }: ProbeContext): Promise<Probe<Keys> & { remote?: VirtualRemote }> {
  const why = whyNoUinput(system);
  if (why !== undefined) return why;
  const name = settings.keySet === 'auto' ? 'linux' : settings.keySet;
  const set = createKeySet(name, settings.keys);
  try {
    const remote = await openVirtualRemote(system, evdevCodes(set));
    const at = remote.event === undefined ? '' : ` at /dev/input/${remote.event}`;
    const by = `uinput as "${remoteName}"${at}, key set ${name}`;
    return { capability: createUinputKeys(system, set, remote), by, remote };
  } catch (error) {
    return {
      reason: (error as Error).message,
      cure: 'let keys go to a Chromium user interface instead: platform.linux.keys_by = "cdp"',
    };
  }
}

/** A command that was configured comes before what is found by itself; then the page, then the framebuffer. */
export function probeDisplay(
  { system, settings }: ProbeContext,
  chromium: ChromiumPage | undefined,
  onScreen: OnScreen,
): Probe<Display> {
  const device = settings.framebuffer ?? '/dev/fb0';
  let camera: Camera | undefined;
  if (settings.screenshotCommand.length > 0) camera = createCommandCamera(settings.screenshotCommand);
  else if (chromium !== undefined) camera = { name: chromium.name, take: chromium.screenshot };
  else if (system.exists(device)) camera = createFramebufferCamera(system, device);
  if (camera !== undefined) return { capability: createDisplay(camera, onScreen), by: camera.name };
  return {
    reason: `nothing to take a picture of: no Chromium user interface, and no ${device}`,
    cure: 'set platform.linux.cdp_url, or platform.linux.screenshot_command = ["grim", "{file}"] where a compositor can be asked',
  };
}
