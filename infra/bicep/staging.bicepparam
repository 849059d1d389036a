using 'main.bicep'

param settings = loadJsonContent('../environments/staging.json')
