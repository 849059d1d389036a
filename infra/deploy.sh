#!/usr/bin/env bash
# Brings up the whole system of one environment, or updates it: deploys, publishes the functions, starts the job. Safe to run twice.
set -euo pipefail

readonly usage='Usage: infra/deploy.sh [terraform|bicep] [dev|staging|prod] [--what-if] [--operator OBJECT_ID]

  terraform, bicep   what to deploy with; bicep needs no compiler, for the compiled template is part of the repository
  dev, staging, prod whose sizes to take: infra/environments/NAME.json
  --what-if          only shows what would change
  --operator ID      who may send events and read results; without it, you'

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
# Pauses between tries and looks, in seconds.
readonly retry_seconds=${ASAQL_RETRY_SECONDS:-60} poll_seconds=${ASAQL_POLL_SECONDS:-10}
readonly api='api-version=2021-10-01-preview'

say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

package='' stopped=false
# Also when something fails on the way: says what state that leaves, and takes its own file along.
ending() {
  local status=$?
  [ -z "$package" ] || rm -rf "$package"
  if [ "$status" -ne 0 ] && [ "$stopped" = true ]; then
    printf 'The job stands still. Nothing is lost: events wait in the hub for seven days. Run this again: the job goes on where its output ended.\n' >&2
  fi
}
trap ending EXIT

tool='' environment='' what_if=false operator='' operator_type=User
while [ $# -gt 0 ]; do
  case $1 in
    terraform | bicep) tool=$1 ;;
    dev | staging | prod) environment=$1 ;;
    --what-if) what_if=true ;;
    --operator) [ $# -ge 2 ] || fail '--operator needs an object id.'; operator=$2; shift ;;
    -h | --help) printf '%s\n' "$usage"; exit 0 ;;
    *) printf 'error: %s is not understood.\n\n%s\n' "$1" "$usage" >&2; exit 2 ;;
  esac
  shift
done
if [ -z "$tool" ] || [ -z "$environment" ]; then printf '%s\n' "$usage" >&2; exit 2; fi

needs() { command -v "$1" >/dev/null || fail "$1 is missing: $2"; }

prerequisites() {
  needs az 'https://learn.microsoft.com/cli/azure/install-azure-cli'
  needs node 'Node 20 or later, https://nodejs.org'
  if [ "$what_if" = false ]; then needs zip "your system's package zip"; fi
  if [ "$tool" = terraform ]; then needs terraform 'Terraform 1.9 or later, https://developer.hashicorp.com/terraform/install'; fi
  subscription=$(az account show --query id --output tsv 2>/dev/null) || fail 'Nobody is signed in: run az login, then az account set --subscription NAME.'
  location=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).location' "$root/infra/environments/$environment.json")
  if [ -z "$operator" ]; then operator=$(az ad signed-in-user show --query id --output tsv 2>/dev/null || true); fi
  job="/subscriptions/$subscription/resourceGroups/rg-netflix-streaming-$environment/providers/Microsoft.StreamAnalytics/streamingjobs/asa-netflix-$environment"
  say "$tool, $environment, subscription $subscription, $location, operator ${operator:-nobody}"
}

# --- the two ways to deploy

bicep() {
  az deployment sub "$1" --name "netflix-streaming-$environment" --location "$location" \
    --template-file "$root/infra/bicep/main.json" --parameters "@$root/infra/bicep/$environment.parameters.json" \
    --parameters "operatorPrincipalId=$operator" "operatorPrincipalType=$operator_type" "${@:2}"
}

terraform_in_place() {
  TF_VAR_subscription_id=$subscription TF_VAR_environment=$environment \
    TF_VAR_operator_principal_id=$operator TF_VAR_operator_principal_type=$operator_type \
    terraform -chdir="$root/infra/terraform" "$@"
}

terraform_ready() {
  terraform_in_place init -input=false
  terraform_in_place workspace select -or-create=true "$environment"
}

show_changes() {
  say 'What would change'
  if [ "$tool" = bicep ]; then bicep what-if; else terraform_ready; terraform_in_place plan -input=false; fi
}

deploy() {
  say 'Deploying'
  if [ "$tool" = bicep ]; then
    bicep create --output none
    function_app=$(az deployment sub show --name "netflix-streaming-$environment" --query properties.outputs.functionApp.value --output tsv)
  else
    terraform_ready
    terraform_in_place apply -input=false -auto-approve
    function_app=$(terraform_in_place output -raw function_app)
  fi
}

# --- the job: a running one takes no new query, input or output, so that it stops first and goes on where its output ended

job_property() { az rest --method get --url "$job?$api" --query "properties.$1" --output tsv 2>/dev/null || true; }

wait_for_job() {
  local state
  while state=$(job_property jobState); [ "$state" != "$1" ]; do
    if [ "$state" = Failed ]; then fail "The job failed: look at its activity log, https://portal.azure.com/#resource$job/overview"; fi
    sleep "$poll_seconds"
  done
}

stop_job() {
  case $(job_property jobState) in
    Running | Degraded | Starting | Idle | Processing)
      say 'Stopping the job for the update; it will go on where its output ended'
      az rest --method post --url "$job/stop?$api" --output none
      stopped=true
      wait_for_job Stopped
      ;;
  esac
}

start_job() {
  local mode=JobStartTime attempt
  if [ -n "$(job_property lastOutputEventTime)" ]; then mode=LastOutputEventTime; fi
  say "Starting the job ($mode)"
  # A role that was granted a minute ago is not known everywhere yet: up to eight minutes.
  for attempt in $(seq 1 10); do
    if az rest --method post --url "$job/start?$api" --body "{\"outputStartMode\":\"$mode\"}" --output none; then
      wait_for_job Running
      stopped=false
      return
    fi
    say "The job did not start (try $attempt of 10); waiting $retry_seconds s for its roles"
    sleep "$retry_seconds"
  done
  fail 'The job does not start: see the message above; run this again once it is dealt with.'
}

publish_functions() {
  say "Publishing the functions to $function_app"
  (cd "$root" && node scripts/run.mjs build functions)
  package=$(mktemp -d)
  (cd "$root/runtime/dist/package" && zip --quiet --recurse-paths "$package/functions.zip" .)
  az functionapp deployment source config-zip --resource-group "rg-netflix-streaming-$environment" --name "$function_app" \
    --src "$package/functions.zip" --output none
}

next_steps() {
  cat <<END
== Done. Next:
   az eventhubs namespace list --resource-group rg-netflix-streaming-$environment --query '[].serviceBusEndpoint'   (for .env: EVENTHUB_NAMESPACE)
   npx asaql generate --eps 30                 sends events, by your sign-in, once .env names the services (see .env.example)
   https://portal.azure.com/#resource$job/overview
   infra/environments/$environment.json        holds the sizes; alertEmails there says who is told of alerts
   az group delete --name rg-netflix-streaming-$environment     takes all of it away
END
}

prerequisites
if [ "$what_if" = true ]; then show_changes; exit 0; fi
stop_job
deploy
publish_functions
start_job
next_steps
