/** What an answer used and cost, by the server's ledger. */

import type { Api } from "../../api/api";
import { failureOf } from "../../api/failure";
import type { Charges } from "./talk/answer";

/** The ledger has a row within a tenth of a second of the answer's end; on a busy machine later. In milliseconds. */
const LOOKED_AFTER = [200, 500, 1500, 4000];
/** Who may not see requests is told no cost, and not asked for again. */
const refused = new WeakSet<Api>();

/** None where no model was asked, or the caller may not see the ledger. A cost of nothing is told as none: nobody set a price. */
export async function chargedFor(api: Api, requestId: string): Promise<Charges | null> {
  for (const wait of LOOKED_AFTER) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (refused.has(api)) return null;
    try {
      const { invocations, usage, cost, currency } = await api.craton("GetRequest", { requestId });
      if (invocations.length === 0) continue;
      return {
        cost: cost !== undefined && currency !== undefined && Number(cost) > 0 ? { amount: cost, currency } : null,
        ...(usage && { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens }),
      };
    } catch (error) {
      const { status } = failureOf(error);
      if (status === 403) refused.add(api);
      if (status !== 404) return null;
    }
  }
  return null;
}
