import type { Ministra } from '../../ministra/ministra.ts';
import type { Resource } from './request.ts';
import { viewService } from './services-package.ts';
import { flagText } from './views.ts';

/** TARIFFS: the tariff plans with their services packages. */
export function tariffs({ fleet }: Ministra): Resource {
  const { store } = fleet;
  return {
    get: ({ identifiers }) =>
      store.tariffs
        .all()
        .filter(({ number }) => identifiers.length === 0 || identifiers.includes(String(number)))
        .map((tariff) => ({
          id: String(tariff.number),
          external_id: tariff.externalId,
          name: tariff.name,
          user_default: flagText(tariff.userDefault),
          days_to_expires: String(tariff.daysToExpires),
          packages: store.services
            .ofTariff(tariff.number)
            .map((service) => ({ ...viewService(service), optional: flagText(service.optional) })),
        })),
  };
}
