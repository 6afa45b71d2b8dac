/** What stands for the user interface of a box without one: it turns the sound up and down and sleeps and wakes, at the keys for that. */
import { until } from '../../support/until.ts';
import type { Guest } from './guest-agent.ts';

export type Viewer = {
  /** Resolves when it listens to the remote control that is there now. */
  listens(): Promise<void>;
};

/**
 * evtest(1) tells the keys, whichever event device the agent's remote control has become. Like every user interface it first takes the screen from
 * the text console: that lights a dark screen at each key, pressed or let go (`poke_blanked_console` of Linux' drivers/tty/vt).
 */
const script = `
for console in /sys/class/vtconsole/vtcon*; do
  if grep -q 'frame buffer' "$console/name"; then echo 0 >"$console/bind"; fi
done
blank=/sys/class/graphics/fb0/blank
while :; do
  for name in /sys/class/input/event*/device/name; do
    grep -q stb-agent "$name" || continue
    device=\${name#/sys/class/input/}
    stdbuf -oL evtest "/dev/input/\${device%%/*}" | while read -r line; do
      case $line in
      *KEY_VOLUMEUP*'value 1') amixer -q -M -c 0 sset Master 5%+ ;;
      *KEY_VOLUMEDOWN*'value 1') amixer -q -M -c 0 sset Master 5%- ;;
      *KEY_POWER*'value 1') if grep -q On /sys/class/drm/card0-*/dpms; then echo 4 >$blank; else echo 0 >$blank; fi ;;
      esac
    done
  done
  sleep 0.2
done
`;

export async function startViewer(guest: Guest): Promise<Viewer> {
  await guest.writeFile('/run/viewer.sh', script);
  await guest.read('systemd-run --quiet --collect --unit=viewer sh /run/viewer.sh');
  const held = `for name in $(grep -l stb-agent /sys/class/input/event*/device/name); do
    event=\${name#/sys/class/input/}
    ls -l /proc/$(pgrep -x evtest)/fd | grep -q "/dev/input/\${event%%/*}$" && echo yes
  done`;
  return {
    async listens() {
      const isHeld = async () => (await guest.run(held)).stdout === 'yes\n';
      await until(isHeld, 'the viewer to take the remote control', 60_000, 200);
    },
  };
}
