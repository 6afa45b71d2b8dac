import type { Guest } from './guest-agent.ts';

/** A property of the agent's unit, as systemd has it. */
export async function unitProperty(guest: Guest, name: string): Promise<string> {
  return (await guest.read(`systemctl show -p ${name} --value stb-agent`)).trim();
}

/**
 * Hangs the event loop of the running agent for good: SIGUSR1 makes any Node open its inspector on the box's loopback, and through
 * that it is told to turn in a circle.
 */
export async function hangEventLoop(guest: Guest): Promise<void> {
  await guest.read('systemctl kill --kill-who=main -s USR1 stb-agent');
  await guest.read(`/usr/lib/stb-agent/bin/node --input-type=module -e '${hang}'`);
}

const hang = `
let targets;
while (!targets) targets = await fetch("http://127.0.0.1:9229/json").then((answer) => answer.json()).catch(() => {});
const socket = new WebSocket(targets[0].webSocketDebuggerUrl);
await new Promise((resolve) => socket.onopen = resolve);
socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "for (;;);" } }));
setTimeout(() => process.exit(0), 1000);
`;
