// A number plate as it is registered: no blanks, no hyphens, capitals.
function main(plate) {
    return String(plate).replace(/[\s-]/g, '').toUpperCase();
}
