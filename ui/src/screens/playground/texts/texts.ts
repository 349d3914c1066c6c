/** The playground's texts, which come with it. */

import { textsOf } from "../../../texts/texts";
import { de } from "./de";
import { en } from "./en";

export const usePlaygroundTexts = textsOf({ en, de });
