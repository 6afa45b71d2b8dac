/** The tables of an MPEG transport stream that name a service's streams (ISO/IEC 13818-1, 2.4.3 and 2.4.4). */
import type { ServicePids } from './dvb-channels.ts';

export type ServiceFinder = {
  /** Takes more of the stream; returns the streams of the service once its tables have come. */
  add(chunk: Buffer): ServicePids | undefined;
  /** The services that the stream has, as far as is known. */
  programs(): number[];
};

const packetBytes = 188;
const syncByte = 0x47;
const patPid = 0;
/** A table with no entries: its header and checksum. */
const shortestTable = 16;

/** stream_type values (ISO/IEC 13818-1, table 2-34): MPEG-1 and -2, MPEG-4, H.264, H.265 video. */
const videoTypes = [0x01, 0x02, 0x10, 0x1b, 0x24];
/** MPEG-1 and -2, AAC, LATM audio; 0x81 and 0x87 are AC-3 and E-AC-3 of ATSC. */
const audioTypes = [0x03, 0x04, 0x0f, 0x11, 0x81, 0x87];
/** Private data that is sound by its descriptor: registration, AC-3, E-AC-3, DTS, AAC (EN 300 468, 6.1). */
const audioDescriptors = [0x6a, 0x7a, 0x7b, 0x7c];
const registrationDescriptor = 0x05;

/** Looks for a service by its program number, or for the first one without. */
export function createServiceFinder(program: number | undefined): ServiceFinder {
  const sections = new Map<number, Buffer>();
  let rest = Buffer.alloc(0);
  let programs = new Map<number, number>();

  const takeSection = (pid: number, section: Buffer): ServicePids | undefined => {
    if (section.length < shortestTable) return undefined;
    if (pid === patPid && section[0] === 0) programs = parsePat(section);
    const pmtPid = program === undefined ? [...programs.values()][0] : programs.get(program);
    return pid === pmtPid && section[0] === 2 ? parsePmt(section) : undefined;
  };

  const takePacket = (packet: Buffer): ServicePids | undefined => {
    const pid = packet.readUInt16BE(1) & 0x1fff;
    const isTable = pid === patPid || [...programs.values()].includes(pid);
    if (!isTable || (packet[3]! & 0x10) === 0) return undefined;
    const payload = packet.subarray((packet[3]! & 0x20) === 0 ? 4 : 5 + packet[4]!);
    if ((packet[1]! & 0x40) !== 0) sections.set(pid, Buffer.from(payload.subarray(1 + (payload[0] ?? 0))));
    else if (sections.has(pid)) sections.set(pid, Buffer.concat([sections.get(pid)!, payload]));
    const section = sections.get(pid);
    if (section === undefined || section.length < 3) return undefined;
    const length = 3 + (section.readUInt16BE(1) & 0x0fff);
    if (section.length < length) return undefined;
    sections.delete(pid);
    return takeSection(pid, section.subarray(0, length));
  };

  return {
    add(chunk) {
      const bytes = Buffer.concat([rest, chunk]);
      let at = 0;
      while (at + packetBytes <= bytes.length) {
        if (bytes[at] !== syncByte) {
          at += 1;
          continue;
        }
        const found = takePacket(bytes.subarray(at, at + packetBytes));
        if (found) return found;
        at += packetBytes;
      }
      rest = Buffer.from(bytes.subarray(at));
      return undefined;
    },
    programs: () => [...programs.keys()],
  };
}

/** Program numbers and the PIDs of their tables; number 0 is the network's. */
function parsePat(section: Buffer): Map<number, number> {
  const programs = new Map<number, number>();
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    const number = section.readUInt16BE(at);
    if (number !== 0) programs.set(number, section.readUInt16BE(at + 2) & 0x1fff);
  }
  return programs;
}

/** The first video and the first sound of a service. */
function parsePmt(section: Buffer): ServicePids {
  const pids: ServicePids = {};
  const end = section.length - 4;
  let at = 12 + (section.readUInt16BE(10) & 0x0fff);
  while (at + 5 <= end) {
    const type = section[at]!;
    const pid = section.readUInt16BE(at + 1) & 0x1fff;
    const length = section.readUInt16BE(at + 3) & 0x0fff;
    const descriptors = section.subarray(at + 5, at + 5 + length);
    if (videoTypes.includes(type)) pids.video ??= pid;
    else if (audioTypes.includes(type) || (type === 0x06 && isSound(descriptors))) pids.audio ??= pid;
    at += 5 + length;
  }
  return pids;
}

/** A registration is taken for sound: BSSD is SMPTE 302M, AC-3 and Opus have theirs. */
function isSound(descriptors: Buffer): boolean {
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors[at + 1]!) {
    const tag = descriptors[at]!;
    const format = descriptors.toString('latin1', at + 2, at + 6);
    if (audioDescriptors.includes(tag)) return true;
    if (tag === registrationDescriptor && /^(BSSD|AC-3|EAC3|Opus|DTS)/.test(format)) return true;
  }
  return false;
}
