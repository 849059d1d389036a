// How far the highest value is from the lowest.
function main() {
    this.init = function () {
        this.lowest = null;
        this.highest = null;
    };
    this.accumulate = function (value, timestamp) {
        if (this.lowest === null || value < this.lowest) this.lowest = value;
        if (this.highest === null || value > this.highest) this.highest = value;
    };
    this.computeResult = function () {
        return this.highest - this.lowest;
    };
}
