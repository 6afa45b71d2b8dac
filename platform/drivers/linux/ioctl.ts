/** ioctl(2), which Node does not have: koffi calls it, and nothing else. */
import { PlatformError } from '../../contract.ts';

/** Does a request with a number or a buffer; returns what the kernel returns, throws DEVICE_FAILED with its error. */
export type Ioctl = (descriptor: number, request: number, argument: number | Uint8Array, what: string) => number;

/**
 * Loads koffi's binary for this machine; that takes a tenth of a second, so only a box that needs it does. Rejects UNSUPPORTED where there is none
 * that fits (its 32-bit ARM binary needs glibc 2.34).
 */
export async function loadIoctl(): Promise<Ioctl> {
  const { default: koffi } = await import('koffi').catch((cause: Error) => {
    throw new PlatformError('UNSUPPORTED', `koffi has no binary that fits this box: ${firstLine(cause.message)}`, {
      cause,
    });
  });
  const call = koffi.load(null).func('int ioctl(int descriptor, unsigned long request, ...)');
  return (descriptor, request, argument, what) => {
    const type = typeof argument === 'number' ? 'int' : 'void *';
    const result: number = call(descriptor, request, type, argument);
    if (result !== -1) return result;
    throw new PlatformError('DEVICE_FAILED', `${what}: the kernel answers with error ${koffi.errno()}`);
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
