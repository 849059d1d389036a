#!/usr/bin/env pwsh
<#
.SYNOPSIS
Brings up the whole system of one environment, or updates it: deploys, publishes the functions, starts the job. Safe to run twice.
.EXAMPLE
infra/deploy.ps1 bicep dev -WhatIf
.PARAMETER Tool
What to deploy with; bicep needs no compiler, for the compiled template is part of the repository.
.PARAMETER Environment
Whose sizes to take: infra/environments/NAME.json.
.PARAMETER WhatIf
Only shows what would change. Also as --what-if.
.PARAMETER Operator
Object id of who may send events and read results; without it, you.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Position = 0)][ValidateSet('terraform', 'bicep')][string] $Tool,
    [Parameter(Position = 1)][ValidateSet('dev', 'staging', 'prod')][string] $Environment,
    [switch] $WhatIf,
    [string] $Operator = '',
    [Parameter(ValueFromRemainingArguments)][string[]] $Rest = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# A program that fails is looked at here, not thrown.
$PSNativeCommandUseErrorActionPreference = $false

$root = Split-Path -Parent $PSScriptRoot
# Pauses between tries and looks, in seconds.
$retrySeconds = [int]($env:ASAQL_RETRY_SECONDS ?? 60)
$pollSeconds = [int]($env:ASAQL_POLL_SECONDS ?? 10)
$api = 'api-version=2021-10-01-preview'
$operatorType = 'User'
$script:stopped = $false

function Write-Step([string] $Text) { Write-Host "== $Text" }

function Stop-Here([string] $Text, [int] $Code = 1) {
    [Console]::Error.WriteLine("error: $Text")
    if ($script:stopped) {
        [Console]::Error.WriteLine('The job stands still. Nothing is lost: events wait in the hub for seven days. Run this again: the job goes on where its output ended.')
    }
    exit $Code
}

function Invoke-Program {
    $program, $arguments = $args
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { Stop-Here "$program $($arguments -join ' ') ended with $LASTEXITCODE." }
}

foreach ($word in $Rest) {
    if ($word -eq '--what-if') { $WhatIf = $true } else { Stop-Here "$word is not understood: see Get-Help $PSCommandPath." 2 }
}
if (-not $Tool -or -not $Environment) {
    Stop-Here 'Usage: infra/deploy.ps1 [terraform|bicep] [dev|staging|prod] [-WhatIf] [-Operator OBJECT_ID]' 2
}

function Assert-Program([string] $Name, [string] $Where) {
    if (-not (Get-Command $Name -ErrorAction SilentlyContinue)) { Stop-Here "$Name is missing: $Where" }
}

Assert-Program az 'https://learn.microsoft.com/cli/azure/install-azure-cli'
Assert-Program node 'Node 20 or later, https://nodejs.org'
if ($Tool -eq 'terraform') { Assert-Program terraform 'Terraform 1.9 or later, https://developer.hashicorp.com/terraform/install' }
$subscription = az account show --query id --output tsv 2>$null
if ($LASTEXITCODE -ne 0) { Stop-Here 'Nobody is signed in: run az login, then az account set --subscription NAME.' }
$location = (Get-Content -Raw "$root/infra/environments/$Environment.json" | ConvertFrom-Json).location
if (-not $Operator) { $Operator = az ad signed-in-user show --query id --output tsv 2>$null }
$group = "rg-netflix-streaming-$Environment"
$job = "/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.StreamAnalytics/streamingjobs/asa-netflix-$Environment"
Write-Step "$Tool, $Environment, subscription $subscription, $location, operator $(if ($Operator) { $Operator } else { 'nobody' })"

# --- the two ways to deploy

function Invoke-Bicep([string] $Verb, [string[]] $More = @()) {
    Invoke-Program az deployment sub $Verb --name "netflix-streaming-$Environment" --location $location `
        --template-file "$root/infra/bicep/main.json" --parameters "@$root/infra/bicep/$Environment.parameters.json" `
        --parameters "operatorPrincipalId=$Operator" "operatorPrincipalType=$operatorType" @More
}

function Invoke-Terraform {
    $env:TF_VAR_subscription_id = $subscription
    $env:TF_VAR_environment = $Environment
    $env:TF_VAR_operator_principal_id = $Operator
    $env:TF_VAR_operator_principal_type = $operatorType
    Invoke-Program terraform "-chdir=$root/infra/terraform" @args
}

function Initialize-Terraform {
    Invoke-Terraform init '-input=false'
    Invoke-Terraform workspace select '-or-create=true' $Environment
}

function Show-Change {
    Write-Step 'What would change'
    if ($Tool -eq 'bicep') {
        Invoke-Bicep what-if
    }
    else {
        Initialize-Terraform
        Invoke-Terraform plan '-input=false'
    }
}

function Deploy-System {
    Write-Step 'Deploying'
    if ($Tool -eq 'bicep') {
        Invoke-Bicep create @('--output', 'none')
        $script:functionApp = Invoke-Program az deployment sub show --name "netflix-streaming-$Environment" --query properties.outputs.functionApp.value --output tsv
    }
    else {
        Initialize-Terraform
        Invoke-Terraform apply '-input=false' '-auto-approve'
        $script:functionApp = Invoke-Terraform output -raw function_app
    }
}

# --- the job: a running one takes no new query, input or output, so that it stops first and goes on where its output ended

function Get-JobProperty([string] $Name) {
    az rest --method get --url "${job}?$api" --query "properties.$Name" --output tsv 2>$null
}

function Wait-Job([string] $Wanted) {
    while (($state = Get-JobProperty jobState) -ne $Wanted) {
        if ($state -eq 'Failed') { Stop-Here "The job failed: look at its activity log, https://portal.azure.com/#resource$job/overview" }
        Start-Sleep -Seconds $pollSeconds
    }
}

function Stop-StreamingJob {
    if ((Get-JobProperty jobState) -in 'Running', 'Degraded', 'Starting', 'Idle', 'Processing') {
        Write-Step 'Stopping the job for the update; it will go on where its output ended'
        Invoke-Program az rest --method post --url "$job/stop?$api" --output none
        $script:stopped = $true
        Wait-Job Stopped
    }
}

function Start-StreamingJob {
    $mode = if (Get-JobProperty lastOutputEventTime) { 'LastOutputEventTime' } else { 'JobStartTime' }
    Write-Step "Starting the job ($mode)"
    # A role that was granted a minute ago is not known everywhere yet: up to eight minutes.
    foreach ($attempt in 1..10) {
        az rest --method post --url "$job/start?$api" --body "{`"outputStartMode`":`"$mode`"}" --output none
        if ($LASTEXITCODE -eq 0) {
            Wait-Job Running
            $script:stopped = $false
            return
        }
        Write-Step "The job did not start (try $attempt of 10); waiting $retrySeconds s for its roles"
        Start-Sleep -Seconds $retrySeconds
    }
    Stop-Here 'The job does not start: see the message above; run this again once it is dealt with.'
}

function Publish-Function {
    Write-Step "Publishing the functions to $functionApp"
    Push-Location $root
    try { Invoke-Program node scripts/run.mjs build functions } finally { Pop-Location }
    $package = Join-Path ([IO.Path]::GetTempPath()) "asaql-functions-$([guid]::NewGuid()).zip"
    try {
        Compress-Archive -Path "$root/runtime/dist/package/*" -DestinationPath $package
        Invoke-Program az functionapp deployment source config-zip --resource-group $group --name $functionApp --src $package --output none
    }
    finally {
        Remove-Item $package -ErrorAction SilentlyContinue
    }
}

if ($WhatIf) {
    Show-Change
    exit 0
}
Stop-StreamingJob
Deploy-System
Publish-Function
Start-StreamingJob
Write-Host @"
== Done. Next:
   az eventhubs namespace list --resource-group $group --query '[].serviceBusEndpoint'   (for .env: EVENTHUB_NAMESPACE)
   npx asaql generate --eps 30                 sends events, by your sign-in, once .env names the services (see .env.example)
   https://portal.azure.com/#resource$job/overview
   infra/environments/$Environment.json        holds the sizes; alertEmails there says who is told of alerts
   az group delete --name $group     takes all of it away
"@
