/** Which models are shown. The filters stand behind the # of the address, so that a link shows the same. */

import { type Model, STATES, TASKS } from "../../../api/models";

export const CHOICES = ["task", "state", "language", "size", "licence", "provider"] as const;
export type Choice = (typeof CHOICES)[number];
/** Text to find, and whether only those are shown that fit this machine. */
export const FILTERS = ["q", "fits", ...CHOICES] as const;
export type Filters = Record<Choice, string | null> & { q: string; fits: boolean };

/** In bytes: what a file has at most. */
export const SIZES = [250e6, 500e6, 1e9, 2e9, 4e9, 8e9, 16e9];

export function filtersIn(hash: URLSearchParams): Filters {
  const chosen = Object.fromEntries(CHOICES.map((name) => [name, hash.get(name)])) as Record<Choice, string | null>;
  return { ...chosen, q: hash.get("q") ?? "", fits: hash.get("fits") === "1" };
}

export const CLEARED = Object.fromEntries(FILTERS.map((name) => [name, null]));

export function countOf(filters: Filters): number {
  return CHOICES.filter((name) => filters[name] !== null).length + (filters.fits ? 1 : 0);
}

export function passes(model: Model, filters: Filters): boolean {
  const { task, state, language, size, licence, provider, fits, q } = filters;
  const words = q.toLowerCase().split(/\s+/);
  const told = [model.name, model.id, model.provider, model.local?.shortName].join(" ").toLowerCase();
  return (
    words.every((word) => told.includes(word)) &&
    (task === null || model.task === task) &&
    (state === null || model.state === state) &&
    (language === null || (model.local?.languages ?? []).includes(language)) &&
    (size === null || (model.local?.sizeBytes ?? Number.POSITIVE_INFINITY) <= Number(size)) &&
    (licence === null || model.local?.licence === licence) &&
    (provider === null || model.provider === provider) &&
    (!fits || fitsHere(model))
  );
}

/** What a provider serves takes nothing of this machine. */
export function fitsHere({ local }: Model): boolean {
  return local?.fits ?? true;
}

/** What there is to choose from among these models, in a good order. */
export function choicesIn(models: Model[]): Record<Choice, string[]> {
  const sizes = models.flatMap(({ local }) => local?.sizeBytes ?? []);
  const smallest = Math.min(...sizes);
  const largest = Math.max(...sizes);
  const biggest = SIZES.find((size) => size >= largest) ?? Number.POSITIVE_INFINITY;
  return {
    task: TASKS.filter((task) => models.some((model) => model.task === task)),
    state: STATES.filter((state) => models.some((model) => model.state === state)),
    language: several(models.flatMap(({ local }) => local?.languages ?? [])),
    size: SIZES.filter((size) => size >= smallest && size < biggest).map(String),
    licence: several(models.flatMap(({ local }) => local?.licence ?? [])),
    provider: several(models.flatMap(({ provider }) => provider ?? [])),
  };
}

function several(values: string[]): string[] {
  return [...new Set(values)].sort((one, other) => one.localeCompare(other));
}
