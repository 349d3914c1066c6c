/** Which models Home offers to fetch: the one that is best for the machine, and where none is here the one that is soonest. */

import { isHere, type Model } from "../../api/models";

export interface Offer {
  model: Model;
  /** None: somebody chose it. */
  why: "recommended" | "quickest" | null;
}

export function offersIn(models: Model[]): Offer[] {
  const texts = models.filter(({ task, local }) => task === "TEXT_GENERATION" && local);
  const absent = texts.filter((model) => !isHere(model) && model.local?.fits);
  const recommended = absent.find(({ local }) => local?.recommended);
  const quickest = texts.some(isHere) ? undefined : absent.toSorted((one, other) => sizeOf(one) - sizeOf(other))[0];
  const offers: Offer[] = [];
  if (recommended) offers.push({ model: recommended, why: "recommended" });
  if (quickest && quickest !== recommended) offers.push({ model: quickest, why: "quickest" });
  // What is being fetched stays to be seen.
  const coming = absent.filter((model) => model.state === "fetching" && offers.every((offer) => offer.model !== model));
  return [...offers, ...coming.map((model): Offer => ({ model, why: null }))];
}

function sizeOf({ local }: Model): number {
  return local?.sizeBytes ?? Number.POSITIVE_INFINITY;
}
