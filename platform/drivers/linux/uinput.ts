/**
 * A virtual remote control, by the kernel's uinput (linux/uinput.h). It is made when the driver is opened and stays: a compositor
 * needs a moment to notice a new one.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Missing, PlatformError } from '../../contract.ts';
import { loadIoctl } from './ioctl.ts';
import type { EvdevKey } from './key-sets.ts';
import type { System } from './system.ts';

export const remoteName = 'stb-agent remote control';

export type VirtualRemote = {
  /** `event3`, where the kernel tells. */
  readonly event: string | undefined;
  /** Presses and releases; resolves after the release. */
  press(key: EvdevKey): Promise<void>;
  close(): void;
};

/** How long a finger rests on a key: shorter than any repeat, longer than a user interface that samples. */
const holdMs = 30;

const [UI_DEV_CREATE, UI_DEV_DESTROY, UI_DEV_SETUP] = [0x5501, 0x5502, 0x405c5503];
const [UI_SET_EVBIT, UI_SET_KEYBIT] = [0x40045564, 0x40045565];
const sysnameBytes = 64;
/** _IOC(_IOC_READ, 'U', 44, 64) */
const UI_GET_SYSNAME = 0x80000000 + sysnameBytes * 0x10000 + 0x552c;
const [EV_SYN, EV_KEY] = [0, 1];
const BUS_VIRTUAL = 6;

/** Why this box cannot have one; undefined when it can. */
export function whyNoUinput(system: System): Missing | undefined {
  if (!system.exists('/dev/uinput')) {
    return { reason: 'there is no /dev/uinput', cure: 'load the kernel module: modprobe uinput' };
  }
  try {
    closeSync(openSync(system.path('/dev/uinput'), 'r+'));
    return undefined;
  } catch (error) {
    return {
      reason: `/dev/uinput cannot be opened: ${(error as Error).message}`,
      cure: 'let the agent into the group input, with a udev rule that gives /dev/uinput to it',
    };
  }
}

/** Makes the remote control with these evdev codes. Rejects DEVICE_FAILED, or UNSUPPORTED where ioctl cannot be called. */
export async function openVirtualRemote(system: System, codes: readonly number[]): Promise<VirtualRemote> {
  const ioctl = await loadIoctl();
  const descriptor = openSync(system.path('/dev/uinput'), 'r+');
  const what = 'making a virtual remote control with /dev/uinput';
  try {
    ioctl(descriptor, UI_SET_EVBIT, EV_KEY, what);
    for (const code of codes) ioctl(descriptor, UI_SET_KEYBIT, code, `${what} and the key code ${code}`);
    ioctl(descriptor, UI_DEV_SETUP, setup(), what);
    ioctl(descriptor, UI_DEV_CREATE, 0, what);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  const sysname = Buffer.alloc(sysnameBytes);
  ioctl(descriptor, UI_GET_SYSNAME, sysname, what);
  const input = sysname.toString('latin1').split('\0')[0];
  const event = system.list(`/sys/devices/virtual/input/${input}`).find((name) => /^event\d+$/.test(name));

  const send = (keys: readonly number[], value: 0 | 1) => {
    try {
      for (const code of keys) writeSync(descriptor, inputEvent(EV_KEY, code, value));
      writeSync(descriptor, inputEvent(EV_SYN, 0, 0));
    } catch (cause) {
      throw new PlatformError('DEVICE_FAILED', `writing to /dev/uinput: ${(cause as Error).message}`, { cause });
    }
  };
  return {
    event,
    async press({ code, modifiers }) {
      send([...modifiers, code], 1);
      await wait(holdMs);
      send([code, ...modifiers.toReversed()], 0);
    },
    close() {
      ioctl(descriptor, UI_DEV_DESTROY, 0, 'removing the virtual remote control');
      closeSync(descriptor);
    },
  };
}

/** struct uinput_setup: bus, vendor, product and version of 16 bits, a name of 80 bytes, and the force feedback it has none of. */
export function setup(): Buffer {
  const bytes = Buffer.alloc(92);
  bytes.writeUInt16LE(BUS_VIRTUAL, 0);
  bytes.writeUInt16LE(1, 6);
  bytes.write(remoteName, 8, 79, 'latin1');
  return bytes;
}

/** 32-bit kernels keep seconds and microseconds in 32 bits here whatever the C library does (struct input_event, linux/input.h). */
const isNarrow = ['arm', 'ia32', 'mipsel'].includes(process.arch);

/** struct input_event of this machine; the kernel fills in the time. */
export function inputEvent(type: number, code: number, value: number, narrow = isNarrow): Buffer {
  const timeBytes = narrow ? 8 : 16;
  const bytes = Buffer.alloc(timeBytes + 8);
  bytes.writeUInt16LE(type, timeBytes);
  bytes.writeUInt16LE(code, timeBytes + 2);
  bytes.writeInt32LE(value, timeBytes + 4);
  return bytes;
}
