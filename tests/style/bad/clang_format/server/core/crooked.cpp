int straight() { return 1; }
int  crooked(){return 2;}
