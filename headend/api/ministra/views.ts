import type { Ministra } from '../../ministra/ministra.ts';
import { optionalServices, planName } from '../../ministra/plans.ts';
import { isOn } from '../../ministra/status.ts';
import { toDateTime } from '../../ministra/times.ts';
import type { Box } from '../../store/boxes.ts';

/** An account number as Ministra's document prints it: a number where it is one, 0 for none. */
export function accountNumber(number: string | null): number | string {
  if (number === null) return 0;
  return /^(0|[1-9]\d{0,14})$/.test(number) ? Number(number) : number;
}

/** `1` or `0`, as text. */
export function flagText(value: boolean): '0' | '1' {
  return value ? '1' : '0';
}

/** What STB and ACCOUNTS both show of what a box said of itself. */
function learnt({ fleet, settings }: Ministra, box: Box) {
  const portal = fleet.store.portalBoxes.get(box.id);
  const firmware = box.firmware === null ? '' : `Firmware: ${box.firmware}`;
  return {
    ip: portal?.ip ?? '',
    version: portal?.version || firmware,
    serial: portal?.serial ?? '',
    lastActive: toDateTime(portal?.lastActive ?? null, settings.timezone),
  };
}

/** A box as STB shows it. */
export function viewStb(ministra: Ministra, box: Box): Record<string, unknown> {
  const { fleet } = ministra;
  const account = fleet.store.accounts.of(box.id);
  const { ip, version, lastActive } = learnt(ministra, box);
  return {
    mac: box.mac ?? '',
    status: isOn(fleet.store, box) ? 1 : 0,
    additional_services_on: flagText(account.additionalServices),
    ls: accountNumber(account.accountNumber),
    login: account.login ?? '',
    online: flagText(fleet.presence.isOnline(box.id)),
    ip,
    version,
    account_balance: account.balance,
    last_active: lastActive,
    ...reseller(ministra, box, ['reseller_id']),
  };
}

/** A box as ACCOUNTS and USERS show it. A password is never shown. */
export function viewAccount(ministra: Ministra, box: Box): Record<string, unknown> {
  const { store, presence } = ministra.fleet;
  const account = store.accounts.of(box.id);
  const { ip, version, serial, lastActive } = learnt(ministra, box);
  const optional = optionalServices(store, box.id);
  return {
    login: account.login ?? '',
    full_name: account.fullName,
    account_number: account.accountNumber ?? '0',
    tariff_plan: planName(store, account),
    stb_sn: serial,
    stb_mac: box.mac ?? '',
    stb_type: box.model ?? '',
    status: isOn(store, box) ? 1 : 0,
    subscribed: optional.map(({ externalId }) => externalId),
    subscribed_id: optional.map(({ number }) => String(number)),
    phone: account.phone,
    tariff_expired_date: account.tariffExpires,
    tariff_instead_expired: account.tariffInstead,
    // The document's own figures: 1 is online, 2 is offline.
    online: presence.isOnline(box.id) ? '1' : '2',
    ip,
    version,
    comment: account.comment,
    end_date: account.endDate,
    account_balance: account.balance,
    last_active: lastActive,
    ...reseller(ministra, box, ['reseller_id', 'reseller_name']),
  };
}

/** The reseller of a box, where it is configured to be shown. */
function reseller({ fleet, settings }: Ministra, box: Box, fields: readonly ('reseller_id' | 'reseller_name')[]) {
  if (!settings.allow_resellers_info) return {};
  const found = fleet.store.resellers.of(box.customer);
  const values = { reseller_id: found === undefined ? '' : String(found.number), reseller_name: found?.name ?? '' };
  return Object.fromEntries(fields.map((field) => [field, values[field]]));
}
