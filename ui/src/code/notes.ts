/** What stands as a comment in code that is shown; code is in English in every language. */

export const MODELS_NOTE =
  "The service model of Craton's own operations comes with it: set AWS_DATA_PATH to its folder craton/admin/data.";
export const NOT_STREAMED = "The AWS CLI has no streamed operations: the same call, plain.";
export const CLI_2 = "Needs version 2 of the AWS CLI, which takes bytes within JSON as base64.";
