using 'main.bicep'

param settings = loadJsonContent('../environments/prod.json')
