"""Which members of a request name a resource, and the end of the resource's ARN. Data: knows no request and no policy.

`{}` is the member's own value, `{other}` that of another member, `{owner}` the caller's account. The forms are those
of the Service Authorization Reference; one that begins with `arn:` is whole. Where a member has no entry the operation
asks for all resources, `*`.
"""

from collections.abc import Mapping

_BEDROCK: Mapping[str, str] = {
    "agentId": "agent/{}",
    "agentAliasId": "agent-alias/{agentId}/{}",
    "aliasIdentifier": "flow/{flowIdentifier}/alias/{}",
    "blueprintArn": "blueprint/{}",
    "customModelDeploymentIdentifier": "custom-model-deployment/{}",
    "dataAutomationProfileArn": "data-automation-profile/{}",
    "endpointArn": "marketplace/model-endpoint/all-access",
    "executionIdentifier": "flow/{flowIdentifier}/alias/{flowAliasIdentifier}/execution/{}",
    "flowAliasIdentifier": "flow/{flowIdentifier}/alias/{}",
    "flowIdentifier": "flow/{}",
    "guardrailIdentifier": "guardrail/{}",
    "inferenceProfileIdentifier": "inference-profile/{}",
    "invocationArn": "async-invoke/{}",
    "jobArn": "model-copy-job/{}",
    "knowledgeBaseId": "knowledge-base/{}",
    "libraryArn": "data-automation-library/{}",
    "policyArn": "automated-reasoning-policy/{}",
    "projectArn": "data-automation-project/{}",
    "promptIdentifier": "prompt/{}",
    "promptRouterArn": "prompt-router/{}",
    "provisionedModelId": "provisioned-model/{}",
    "resourceARN": "{}",
    "resourceArn": "{}",
    "retrievalInstructionId": "retrieval-instruction/{}",
    "sessionIdentifier": "session/{}",
}

_AGENTCORE: Mapping[str, str] = {
    "abTestId": "ab-test/{}",
    "agentInsightStoreId": "agent-insight-store/{}",
    "agentRuntimeArn": "runtime/{}",
    "agentRuntimeId": "runtime/{}",
    "batchEvaluationId": "batch-evaluate/{}",
    "browserId": "browser-custom/{}",
    "browserIdentifier": "browser-custom/{}",
    "bundleId": "configuration-bundle/{}",
    "capacityProviderId": "capacity-provider/{}",
    "codeInterpreterId": "code-interpreter-custom/{}",
    "codeInterpreterIdentifier": "code-interpreter-custom/{}",
    "consentPortalIdentifier": "consent-portal/{}",
    "datasetId": "dataset/{}",
    "evaluatorId": "evaluator/{}",
    "gatewayArn": "gateway/{}",
    "gatewayIdentifier": "gateway/{}",
    "harnessArn": "harness/{}",
    "harnessId": "harness/{}",
    "memoryId": "memory/{}",
    "onlineEvaluationConfigId": "online-evaluation-config/{}",
    "paymentManagerArn": "payment-manager/{}",
    "paymentManagerId": "payment-manager/{}",
    "policyEngineId": "policy-engine/{}",
    "policyGenerationId": "policy-engine/{policyEngineId}/policy-generation/{}",
    "policyId": "policy-engine/{policyEngineId}/policy/{}",
    "profileId": "browser-profile/{}",
    "profileIdentifier": "browser-profile/{}",
    "recommendationId": "recommendation/{}",
    "recordId": "registry/{registryId}/record/{}",
    "registryId": "registry/{}",
    "resourceArn": "{}",
    "tokenVaultId": "token-vault/{}",
    "workloadName": "workload-identity-directory/default/workload-identity/{}",
}

_CRATON: Mapping[str, str] = {
    "inferenceProfileIdentifier": "inference-profile/{}",
    "accountId": "arn:aws:craton::{owner}:account/{}",
    "budgetName": "budget/{}",
    "knowledgeBaseId": "knowledge-base/{}",
    "modelPattern": "model-price/{}",
    "newUserName": "arn:aws:iam::{owner}:user/{}",
    "policyArn": "{}",
    "pullId": "model-pull/{}",
    "providerName": "provider/{}",
    "quotaName": "quota/{}",
    "requestId": "request/{}",
    "roleName": "arn:aws:iam::{owner}:role/{}",
    "userName": "arn:aws:iam::{owner}:user/{}",
}

MEMBERS: Mapping[str, Mapping[str, str]] = {"bedrock": _BEDROCK, "bedrock-agentcore": _AGENTCORE, "craton": _CRATON}

# Members that name what is another service's, and so has the ARN, the policy and the tags that it has there.
OF_OTHERS: Mapping[str, str] = {"inferenceProfileIdentifier": "bedrock", "knowledgeBaseId": "bedrock"}

_VERBS = ("Create", "Get", "Update", "Delete")
_ENDPOINT = "marketplace/model-endpoint/all-access"

_BY_OPERATION: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...] = (
    (("GetFoundationModel",), {"modelIdentifier": "foundation-model/{}"}),
    (("GetFoundationModelAvailability",), {"modelId": "foundation-model/{}"}),
    (("GetCustomModel", "DeleteCustomModel"), {"modelIdentifier": "custom-model/{}"}),
    (("GetImportedModel", "DeleteImportedModel"), {"modelIdentifier": "imported-model/{}"}),
    (("CreateCustomModelDeployment",), {"modelArn": "custom-model/{}"}),
    (("CreateModelCopyJob",), {"sourceModelArn": "custom-model/{}"}),
    (("CreateModelCustomizationJob",), {"baseModelIdentifier": "foundation-model/{}"}),
    (("CreateModelInvocationJob", "CreateProvisionedModelThroughput"), {"modelId": "foundation-model/{}"}),
    (("RegisterMarketplaceModelEndpoint",), {"endpointIdentifier": _ENDPOINT}),
    (
        ("GetAdvancedPromptOptimizationJob", "StopAdvancedPromptOptimizationJob"),
        {"jobIdentifier": "advanced-prompt-optimization-job/{}"},
    ),
    (("BatchDeleteAdvancedPromptOptimizationJob",), {"jobIdentifiers": "advanced-prompt-optimization-job/{}"}),
    (("GetEvaluationJob", "StopEvaluationJob"), {"jobIdentifier": "evaluation-job/{}"}),
    (("BatchDeleteEvaluationJob",), {"jobIdentifiers": "evaluation-job/{}"}),
    (
        ("GetModelCustomizationJob", "StopModelCustomizationJob"),
        {"jobIdentifier": "model-customization-job/{}"},
    ),
    (("GetModelImportJob",), {"jobIdentifier": "model-import-job/{}"}),
    (("GetModelInvocationJob", "StopModelInvocationJob"), {"jobIdentifier": "model-invocation-job/{}"}),
    (("GetBlueprintOptimizationStatus",), {"invocationArn": "blueprint-optimization-invocation/{}"}),
    (("GetDataAutomationStatus",), {"invocationArn": "data-automation-invocation/{}"}),
    (("GetDataAutomationLibraryIngestionJob",), {"jobArn": "data-automation-library-ingestion-job/{}"}),
    (
        ("GetAgentRuntimeEndpoint", "UpdateAgentRuntimeEndpoint", "DeleteAgentRuntimeEndpoint"),
        {"endpointName": "runtime/{agentRuntimeId}/runtime-endpoint/{}"},
    ),
    (
        ("GetHarnessEndpoint", "UpdateHarnessEndpoint", "DeleteHarnessEndpoint"),
        {"endpointName": "harness/{harnessId}/harness-endpoint/{}"},
    ),
    *(
        (
            tuple(f"{verb}{kind}CredentialProvider" for verb in _VERBS),
            {"name": f"token-vault/default/{kind.lower()}credentialprovider/{{}}"},
        )
        for kind in ("ApiKey", "Oauth2", "Payment")
    ),
    (
        tuple(f"{verb}WorkloadIdentity" for verb in _VERBS),
        {"name": "workload-identity-directory/default/workload-identity/{}"},
    ),
    (
        ("AttachUserPolicy", "DetachUserPolicy", "AttachRolePolicy", "DetachRolePolicy"),
        {"policyArn": ""},  # whose policies they are is what is asked
    ),
    (
        ("StartModelPull", "DeleteLocalModel", "LoadModel", "UnloadModel", "MeasureModel"),
        {"modelId": "local-model/{}"},
    ),
    (("ListRequests",), {"modelId": "", "accessKeyId": ""}),  # what is looked for
    (("CreatePolicy",), {"policyName": "arn:aws:iam::{owner}:policy/{}"}),
    (("GetResourceApiKey",), {"resourceCredentialProviderName": "token-vault/default/apikeycredentialprovider/{}"}),
    (
        ("GetResourceOauth2Token",),
        {"resourceCredentialProviderName": "token-vault/default/oauth2credentialprovider/{}"},
    ),
    (
        ("GetResourcePaymentToken",),
        {"resourceCredentialProviderName": "token-vault/default/paymentcredentialprovider/{}"},
    ),
)

# Members whose resource depends on the operation, by operation; they go before `MEMBERS`. Empty: they name none there.
OPERATIONS: Mapping[str, Mapping[str, str]] = {
    operation: members for operations, members in _BY_OPERATION for operation in operations
}

# Operations that act on more than one resource at once, all of which are asked for. Elsewhere a member whose ARN holds
# another's goes alone: an alias, not its agent.
TOGETHER = frozenset(
    {
        "DeleteAgentRuntimeEndpoint",
        "GetAgentRuntimeEndpoint",
        "GetExecutionFlowSnapshot",
        "GetFlowExecution",
        "ListFlowExecutionEvents",
        "StartFlowExecution",
        "StopFlowExecution",
        "UpdateAgentRuntimeEndpoint",
    }
)

# Members deep in a request that name resources the operation needs too: operation -> paths and ARNs' ends.
DEEP: Mapping[str, Mapping[tuple[str, ...], str]] = {
    "CreateInferenceProfile": {("modelSource", "copyFrom"): "foundation-model/{}"},
    "CreatePromptRouter": {
        ("models", "modelArn"): "foundation-model/{}",
        ("fallbackModel", "modelArn"): "foundation-model/{}",
    },
    "CreateGuardrail": {("crossRegionConfig", "guardrailProfileIdentifier"): "guardrail-profile/{}"},
    "UpdateGuardrail": {("crossRegionConfig", "guardrailProfileIdentifier"): "guardrail-profile/{}"},
}

# What an operation makes, which has no id yet: asked for as all of its kind, where the reference asks for it.
MADE: Mapping[str, str] = {
    "CreateInferenceProfile": "application-inference-profile/*",
    "CreateModelInvocationJob": "model-invocation-job/*",
    "CreateModelCustomizationJob": "custom-model/*",
}
# The same, where only its tags are asked for.
TAGGED: Mapping[str, str] = {
    "CreatePrompt": "prompt/*",
    "CreatePromptRouter": "prompt-router/*",
    "CreateAgent": "agent/*",
    "CreateAutomatedReasoningPolicy": "automated-reasoning-policy/*",
    "CreateGuardrail": "guardrail/*",
    "CreateKnowledgeBase": "knowledge-base/*",
    "CreateFlow": "flow/*",
    "CreateSession": "session/*",
}

# Members that look like identifiers and name no resource of their own: parts of one that is named beside them, and what
# is only told or asked for.
PARTS: Mapping[str, str] = {
    "accountName": "words for people",
    "assetId": "a part of the build workflow named beside it",
    "buildWorkflowId": "a part of the policy named beside it",
    "buildWorkflowType": "what is asked for",
    "configId": "the one configuration that an account enforces, which has no ARN",
    "customerEncryptionKeyArn": "a key of another service, which is refused",
    "dataSourceId": "a part of the knowledge base named beside it",
    "documentId": "a part of the knowledge base named beside it",
    "eventName": "what is looked for",
    "expectedRevisionId": "the state that the resource is to be in",
    "guardrailVersion": "a version of the guardrail named beside it, whose ARN it shares",
    "fileName": "what a file was called where it came from",
    "inferenceProfileName": "the name of what is made, which its ARN does not hold",
    "ingestionJobId": "a part of the knowledge base named beside it",
    "kmsKeyId": "a key of another service, which is refused",
    "mediaId": "a part of the knowledge base named beside it",
    "policyName": "a policy within the user or role",
    "promptRouterName": "the name of what is made, which its ARN does not hold",
    "roleArn": "a role that is handed over, for which iam:PassRole is asked",
    "serviceName": "what is looked for",
    "sessionId": "a conversation about the knowledge base that the request names deeper, which is asked for there",
    "testCaseId": "a part of the policy named beside it",
    "testCaseIds": "parts of the policy named beside them",
}
