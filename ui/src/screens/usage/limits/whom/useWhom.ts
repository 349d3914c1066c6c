/** Whom a limit may be about here: the keys, users, models and accounts that there are. What may not be asked is not offered. */

import { ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import { useCallback } from "react";
import { useCall } from "../../../../api/polling";
import { useSession } from "../../../../app/session";
import type { Option } from "./SubjectFields";
import { useLimitTexts } from "../texts";

interface Offered {
  operator: boolean;
  accounts: Option[];
  keys: Option[];
  principals: Option[];
  models: Option[];
  /** In which models are priced. */
  currencies: string[];
}

const NOTHING: Offered = { operator: false, accounts: [], keys: [], principals: [], models: [], currencies: [] };

export function useWhom(): Offered {
  const { api, caller } = useSession();
  const { ownAccount, everyAccount } = useLimitTexts();
  const ask = useCallback(
    async (signal: AbortSignal): Promise<Offered> => {
      const most = { maxResults: 1000 };
      const [server, keys, users, models, accounts, prices] = await Promise.allSettled([
        api.craton("DescribeServer", {}, signal),
        api.craton("ListKeys", most, signal),
        api.craton("ListUsers", most, signal),
        api.bedrock.send(new ListFoundationModelsCommand({}), { abortSignal: signal }),
        api.craton("ListAccounts", most, signal),
        api.craton("ListModelPrices", {}, signal),
      ]);
      const operator = told(server)?.operator ?? false;
      const others = (told(accounts)?.accounts ?? []).filter(({ accountId }) => accountId !== caller.account);
      return {
        operator,
        accounts: operator
          ? [
              { value: "", label: ownAccount },
              { value: "*", label: everyAccount },
              ...others.map(({ accountId, accountName }) => ({ value: accountId, label: `${accountName} (${accountId})` })),
            ]
          : [],
        keys: (told(keys)?.keys ?? []).map(({ keyId, userName }) => ({ value: keyId, label: `${userName ?? ""} (${keyId})` })),
        principals: (told(users)?.users ?? []).map(({ arn, userName }) => ({ value: arn, label: userName })),
        models: (told(models)?.modelSummaries ?? []).map(({ modelId = "" }) => ({ value: modelId, label: modelId })),
        currencies: [...new Set((told(prices)?.prices ?? []).map(({ currency }) => currency))],
      };
    },
    [api, caller.account, ownAccount, everyAccount],
  );
  return useCall(ask).answer ?? NOTHING;
}

function told<Answer>(asked: PromiseSettledResult<Answer>): Answer | undefined {
  return asked.status === "fulfilled" ? asked.value : undefined;
}
