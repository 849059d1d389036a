using 'main.bicep'

param settings = loadJsonContent('../environments/dev.json')
