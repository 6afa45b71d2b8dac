import { MinistraError } from '../../ministra/errors.ts';
import { ministraLimits } from '../../ministra/limits.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import type { Box } from '../../store/boxes.ts';
import { namedBoxes, type Resource, readFlag, requireFields, requireIdentifier } from './request.ts';
import { accountNumber, flagText } from './views.ts';

/** ITV_SUBSCRIPTION: channels that a box has beside its packages. */
export function itvSubscription({ fleet }: Ministra): Resource {
  const { store } = fleet;

  /** A box as the document prints it. Its numbers are numbers in a list and texts in the answer to a change. */
  const subscriptionOf = (box: Box) => {
    const account = store.accounts.of(box.id);
    return {
      mac: box.mac ?? '',
      sub_ch: account.channels ?? [],
      ls: accountNumber(account.accountNumber),
      additional_services_on: flagText(account.additionalServices),
    };
  };

  return {
    get: (request) => namedBoxes(store, request).map(subscriptionOf),

    update(request) {
      const { form } = request;
      requireFields(request, ['sub_ch', 'additional_services_on']);
      requireIdentifier(request);
      const services = form.has('additional_services_on') ? readFlag(form, 'additional_services_on') : undefined;
      const limits = ministraLimits.channels;
      const channels = form.list('sub_ch').filter((id) => id !== '');
      if (channels.length > limits.count || channels.some((id) => id.length > limits.idLength)) {
        throw new MinistraError('Not valid sub_ch');
      }
      const boxes = namedBoxes(store, request);
      if (boxes.length === 0) return false;
      fleet.lineups.during(
        () => boxes.map(({ id }) => id),
        () => {
          for (const { id } of boxes) {
            const account = store.accounts.of(id);
            store.accounts.put({
              ...account,
              additionalServices: services ?? account.additionalServices,
              channels: form.has('sub_ch') ? channels : account.channels,
            });
          }
        },
      );
      return boxes.map((box) => {
        const { mac, sub_ch, ls, additional_services_on } = subscriptionOf(box);
        return { sub_ch, mac, ls: String(ls), additional_services_on };
      });
    },
  };
}
