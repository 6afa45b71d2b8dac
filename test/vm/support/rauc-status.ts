import type { Guest } from './guest-agent.ts';

/** What RAUC and the boot loader say, read without the agent. */
export async function raucStatus(guest: Guest): Promise<{ booted: string; good: boolean; primary: string }> {
  const status = JSON.parse(await guest.read('rauc status --output-format=json')) as {
    boot_primary: string;
    slots: Record<string, { state: string; boot_status: string }>[];
  };
  const slots = status.slots.flatMap((each) => Object.entries(each));
  const [booted = 'none', slot] = slots.find(([, { state }]) => state === 'booted') ?? [];
  return { booted, good: slot?.boot_status === 'good', primary: status.boot_primary };
}

/** GRUB's environment: `ORDER`, `A_OK`, … */
export async function bootEnvironment(guest: Guest): Promise<Record<string, string>> {
  const text = await guest.read('grub-editenv /grub/grubenv list');
  return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}
